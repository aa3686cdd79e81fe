import Exposition
import MetricCatalog
import Testing

/// The names that rules, dashboards and users build on. A change here is a change for them: it needs a reason and a line in CHANGELOG.
struct ContractTests {
    @Test("The catalogue keeps the contract: name, type and labels", arguments: contract)
    func keeps(line: ContractLine) throws {
        let metric = Catalog.metrics.first { $0.descriptor.name == "pgwal_\(line.name)" }
        #expect(try #require(metric, "missing").descriptor.type == line.type)
        #expect(metric?.labels == line.labels)
    }

    @Test("What is not in the contract is known to be an addition")
    func additions() {
        let names = Set(contract.map { "pgwal_\($0.name)" })
        let others = Catalog.metrics.map(\.descriptor.name).filter { $0.hasPrefix("pgwal_") && !names.contains($0) }
        let additions: Set = [
            "pgwal_wal_directory_read_timestamp_seconds", "pgwal_restartpoints_done_total", "pgwal_recovery_end_known",
            "pgwal_setting_restore_command", "pgwal_events_total",
            "pgwal_state_loaded", "pgwal_state_last_write_timestamp_seconds", "pgwal_state_write_errors_total",
            "pgwal_http_requests_total", "pgwal_http_requests_in_flight", "pgwal_delay_expected_seconds",
            "pgwal_walsender_write_age_seconds", "pgwal_wal_filesystem_unreadable",
            "pgwal_walsender_age_is_lower_bound", "pgwal_slot_age_is_lower_bound",
            "pgwal_replay_lag_is_lower_bound", "pgwal_behind_primary_is_lower_bound",
            "pgwal_walsender_commit_age_seconds", "pgwal_behind_primary_commit_seconds",
            "pgwal_setting_effective_wal_level", "pgwal_repack_slots_used", "pgwal_repack_slots_limit", "pgwal_subscription_sequences",
            "pgwal_wal_full_page_images_bytes_total", "pgwal_wal_written_by_bytes_total",
            "pgwal_wal_kept_bytes", "pgwal_wal_keeper", "pgwal_wal_releasable_bytes", "pgwal_wal_removable_bytes", "pgwal_wal_ahead_bytes",
            "pgwal_wal_unexplained_bytes", "pgwal_slot_memory_exceeded_total", "pgwal_basebackup_incremental",
        ]
        #expect(Set(others) == additions)
    }
}

/// One line: name, type, labels beside `target`.
struct ContractLine: Sendable, CustomStringConvertible {
    let name: String
    let type: MetricType
    let labels: [String]

    init(_ text: Substring, labels prefix: [String]) {
        let words = text.split(separator: " ").map(String.init)
        name = words[0]
        type = Self.types[words[1]] ?? .histogram
        labels = prefix + words.dropFirst(2)
    }

    var description: String { name }

    private static let types: [String: MetricType] = ["gauge": .gauge, "counter": .counter, "info": .info, "states": .stateSet]
}

private let contract: [ContractLine] =
    lines(
        """
        up gauge
        target_info info version system_identifier server_address cluster_name
        in_recovery gauge
        timeline gauge
        promotion_fork_position_bytes gauge
        promotion_timestamp_seconds gauge
        postmaster_start_timestamp_seconds gauge
        server_clock_offset_seconds gauge
        collector_success gauge collector
        collector_supported gauge collector
        collector_duration_seconds gauge collector
        collector_errors_total counter collector reason
        collection_duration_seconds gauge
        collection_pending gauge
        collected_timestamp_seconds gauge
        connects_total counter
        privilege_missing gauge privilege
        exporter_build_info info version revision revision_date swift_version libpq_version
        config_last_reload_successful gauge
        config_last_reload_success_timestamp_seconds gauge
        log_dropped_total counter
        exporter_loop_stalls_total counter
        series_evicted_total counter kind
        wal_inserted_bytes_total counter
        wal_written_bytes_total counter
        wal_flushed_bytes_total counter
        wal_received_bytes_total counter
        wal_replayed_bytes_total counter
        wal_records_total counter
        wal_full_page_images_total counter
        wal_generated_bytes_total counter
        wal_buffers_full_total counter
        wal_writes_total counter
        wal_syncs_total counter
        wal_write_seconds_total counter
        wal_sync_seconds_total counter
        wal_directory_bytes gauge
        wal_directory_segments gauge
        wal_directory_recycled_segments gauge
        wal_directory_oldest_segment_timestamp_seconds gauge
        wal_oldest_kept_position_bytes gauge
        wal_filesystem_size_bytes gauge
        wal_filesystem_available_bytes gauge
        wal_filesystem_time_to_full_seconds gauge
        wal_summaries_bytes gauge
        wal_unsummarized_bytes gauge
        checkpoint_timestamp_seconds gauge
        checkpoint_redo_distance_bytes gauge
        checkpoints_total counter kind
        restartpoints_total counter kind
        archiver_archived_total counter
        archiver_failed_total counter
        archiver_last_archived_timestamp_seconds gauge
        archiver_last_failed_timestamp_seconds gauge
        archiver_failing gauge
        archive_ready_files gauge
        archive_oldest_ready_timestamp_seconds gauge
        archive_lag_bytes gauge
        """
    )
    + lines(
        labels: ["application_name", "client_addr", "slot_name"],
        """
        walsender_connections gauge
        walsender_state states state
        walsender_sync_state states sync_state
        walsender_sync_priority gauge
        walsender_sent_lag_bytes gauge
        walsender_write_lag_bytes gauge
        walsender_flush_lag_bytes gauge
        walsender_replay_lag_bytes gauge
        walsender_write_lag_seconds gauge
        walsender_flush_lag_seconds gauge
        walsender_replay_lag_seconds gauge
        walsender_flush_age_seconds gauge
        walsender_unanswered_seconds gauge
        walsender_replay_age_seconds gauge
        walsender_flush_age_sampled_seconds histogram
        walsender_replay_age_sampled_seconds histogram
        walsender_reply_timestamp_seconds gauge
        walsender_start_timestamp_seconds gauge
        walsender_xmin_age_transactions gauge
        walsender_diverged gauge
        basebackup_streamed_bytes gauge
        basebackup_total_bytes gauge
        basebackup_phase states phase
        """
    )
    + lines(
        labels: ["slot_name", "slot_type"],
        """
        slot_active gauge
        slot_info info plugin database temporary two_phase failover synced
        slot_wal_status states wal_status
        slot_invalidated gauge reason
        slot_retained_bytes gauge
        slot_retained_age_seconds gauge
        slot_confirmed_flush_lag_bytes gauge
        slot_confirmed_flush_age_seconds gauge
        slot_safe_wal_bytes gauge
        slot_time_to_lost_seconds gauge
        slot_inactive_since_timestamp_seconds gauge
        slot_xmin_age_transactions gauge
        slot_catalog_xmin_age_transactions gauge
        slot_spilled_transactions_total counter
        slot_spilled_bytes_total counter
        slot_streamed_transactions_total counter
        slot_streamed_bytes_total counter
        slot_decoded_transactions_total counter
        slot_decoded_bytes_total counter
        slot_spill_files_bytes gauge
        slot_failover_ready gauge
        slot_recreated_total counter
        slot_lost_timestamp_seconds gauge
        slot_sync_skipped states reason
        slot_sync_skips_total counter
        slot_sync_last_skip_timestamp_seconds gauge
        """
    )
    + lines(
        """
        sync_standbys_required gauge
        sync_standbys_connected gauge
        sync_satisfied gauge
        sync_waiting_sessions gauge
        sync_wait_oldest_seconds gauge
        synchronized_standby_slot gauge slot_name
        synchronized_standby_slot_blocking gauge slot_name
        archiver_stalled gauge
        slots_used gauge
        slots_limit gauge
        walsenders_used gauge
        walsenders_limit gauge
        role_expected states role
        role_mismatch gauge
        rewind_ready gauge
        rewind_blocker gauge reason
        upstream_info info upstream_host upstream_port slot_name
        receiver_configured gauge
        receiver_up gauge
        receiver_status states status
        receiver_last_message_timestamp_seconds gauge
        receiver_transit_seconds gauge
        behind_primary_bytes gauge
        behind_primary_seconds gauge
        upstream_lag_bytes gauge
        replay_backlog_bytes gauge
        replay_lag_seconds gauge
        replay_pause_state states state
        last_replayed_transaction_timestamp_seconds gauge
        recovery_conflicts_total counter conflict
        recovery_prefetch_prefetched_blocks_total counter
        recovery_prefetch_hits_total counter
        recovery_prefetch_skipped_init_total counter
        recovery_prefetch_skipped_new_total counter
        recovery_prefetch_skipped_full_page_total counter
        recovery_prefetch_skipped_repeated_total counter
        recovery_prefetch_wal_distance_bytes gauge
        recovery_prefetch_block_distance gauge
        recovery_prefetch_io_depth gauge
        replication_origins gauge
        replication_origins_limit gauge
        setting_max_wal_size_bytes gauge
        setting_wal_keep_size_bytes gauge
        setting_max_slot_wal_keep_size_bytes gauge
        setting_wal_segment_size_bytes gauge
        setting_wal_level states level
        setting_archive_mode states mode
        setting_wal_log_hints gauge
        setting_data_checksums gauge
        setting_full_page_writes gauge
        setting_hot_standby_feedback gauge
        setting_wal_sender_timeout_seconds gauge
        setting_wal_receiver_timeout_seconds gauge
        setting_recovery_min_apply_delay_seconds gauge
        setting_idle_replication_slot_timeout_seconds gauge
        setting_synchronous_commit states level
        """
    )
    + lines(
        labels: ["code"],
        """
        finding gauge severity confidence
        finding_silenced gauge
        """
    )
    + lines(
        labels: ["slot_name", "source"],
        """
        slot_expected gauge
        slot_missing gauge
        """
    )
    + lines(
        labels: ["application_name", "source"],
        """
        standby_expected gauge
        standby_missing gauge
        """
    )
    + lines(
        labels: ["cluster"],
        """
        patroni_up gauge url
        patroni_members gauge role state
        patroni_unwatched_members gauge reason
        patroni_dcs_reachable gauge
        patroni_member_slots_ttl_seconds gauge
        patroni_paused gauge
        patroni_timeline gauge
        patroni_standby_cluster gauge upstream_host slot_name
        patroni_last_switch_timestamp_seconds gauge
        """
    )
    + lines(
        labels: ["subscription", "database"],
        """
        subscription_enabled gauge
        subscription_up gauge
        subscription_received_bytes_total counter
        subscription_latest_end_timestamp_seconds gauge
        subscription_last_message_timestamp_seconds gauge
        subscription_errors_total counter kind
        subscription_conflicts_total counter conflict
        subscription_tables gauge state
        """
    )

private func lines(labels: [String] = [], _ text: String) -> [ContractLine] {
    text.split(separator: "\n").map { ContractLine($0, labels: labels) }
}
