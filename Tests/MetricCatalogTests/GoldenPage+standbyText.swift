// Written by GoldenPageTests.

extension GoldenPage {
    static let standbyText = #"""
        # HELP pgwal_up 1: connected, and the server's identity and role were read in time. 0: the server failed. Absent before its first answer. [measured by the exporter]
        # TYPE pgwal_up gauge
        pgwal_up{target="orders-dc2-a",site="dc2"} 1
        # HELP pgwal_target_info The server behind the target. system_identifier is equal on all members of a physical cluster. [pg_control_system(), inet_server_addr(), cluster_name]
        # TYPE pgwal_target_info gauge
        pgwal_target_info{target="orders-dc2-a",site="dc2",version="18.6",system_identifier="7711414404705161623",server_address="",cluster_name="orders-dc2"} 1
        # HELP pgwal_in_recovery 1: a standby (or a server in recovery); 0: a primary. [pg_is_in_recovery()]
        # TYPE pgwal_in_recovery gauge
        pgwal_in_recovery{target="orders-dc2-a",site="dc2"} 1
        # HELP pgwal_timeline Timeline that the server writes or follows. [primary: pg_walfile_name(); standby: received_tli, pg_stat_recovery, pg_control_recovery()]
        # TYPE pgwal_timeline gauge
        pgwal_timeline{target="orders-dc2-a",site="dc2"} 1
        # HELP pgwal_postmaster_start_timestamp_seconds When the server was started, Unix time by its own clock. [pg_postmaster_start_time()]
        # TYPE pgwal_postmaster_start_timestamp_seconds gauge
        pgwal_postmaster_start_timestamp_seconds{target="orders-dc2-a",site="dc2"} 1795453581.456421
        # HELP pgwal_server_clock_offset_seconds Server clock minus exporter clock, at the middle of the round trip. [clock_timestamp()]
        # TYPE pgwal_server_clock_offset_seconds gauge
        pgwal_server_clock_offset_seconds{target="orders-dc2-a",site="dc2"} -0.0005
        # HELP pgwal_collector_success 1: the collector's last run succeeded. One collector's failure costs only its own metrics. [measured by the exporter]
        # TYPE pgwal_collector_success gauge
        pgwal_collector_success{target="orders-dc2-a",site="dc2",collector="receiver"} 1
        # HELP pgwal_collector_duration_seconds Time from the previous answer of the same round trip to this collector's. [measured by the exporter]
        # TYPE pgwal_collector_duration_seconds gauge
        pgwal_collector_duration_seconds{target="orders-dc2-a",site="dc2",collector="receiver"} 0.0005
        # HELP pgwal_collection_duration_seconds Duration of the latest collection, or of the vain attempt at it. [measured by the exporter]
        # TYPE pgwal_collection_duration_seconds gauge
        pgwal_collection_duration_seconds{target="orders-dc2-a",site="dc2"} 0.0125
        # HELP pgwal_collection_pending 1: the scraper's timeout was too short to wait for the collection, which goes on: the values are of an earlier one, or absent. [measured by the exporter]
        # TYPE pgwal_collection_pending gauge
        pgwal_collection_pending{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_connects_total Sessions opened to the server since the exporter started. [measured by the exporter]
        # TYPE pgwal_connects_total counter
        pgwal_connects_total{target="orders-dc2-a",site="dc2"} 2
        # HELP pgwal_wal_received_bytes_total WAL received by streaming, as the position in bytes since 0/0. A restart of the standby puts it back to a segment's start. [pg_last_wal_receive_lsn()]
        # TYPE pgwal_wal_received_bytes_total counter
        pgwal_wal_received_bytes_total{target="orders-dc2-a",site="dc2"} 184562144
        # HELP pgwal_wal_replayed_bytes_total WAL replayed, as the position in bytes since 0/0. [pg_last_wal_replay_lsn()]
        # TYPE pgwal_wal_replayed_bytes_total counter
        pgwal_wal_replayed_bytes_total{target="orders-dc2-a",site="dc2"} 184562144
        # HELP pgwal_wal_writes_total Writes of WAL to disk; from 18 on by every process, also the walreceiver. [pg_stat_wal.wal_write, 18+: pg_stat_io.writes]
        # TYPE pgwal_wal_writes_total counter
        pgwal_wal_writes_total{target="orders-dc2-a",site="dc2"} 151
        # HELP pgwal_wal_syncs_total Syncs of WAL to disk; from 18 on by every process, also the walreceiver. [pg_stat_wal.wal_sync, 18+: pg_stat_io.fsyncs]
        # TYPE pgwal_wal_syncs_total counter
        pgwal_wal_syncs_total{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_wal_write_seconds_total Time spent in writes of WAL. [pg_stat_wal.wal_write_time, 18+: pg_stat_io.write_time]
        # TYPE pgwal_wal_write_seconds_total counter
        pgwal_wal_write_seconds_total{target="orders-dc2-a",site="dc2"} 0.00289
        # HELP pgwal_wal_sync_seconds_total Time spent in syncs of WAL. [pg_stat_wal.wal_sync_time, 18+: pg_stat_io.fsync_time]
        # TYPE pgwal_wal_sync_seconds_total counter
        pgwal_wal_sync_seconds_total{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_checkpoint_timestamp_seconds When the last checkpoint (standby: restartpoint) was begun, Unix time. [pg_control_checkpoint().checkpoint_time]
        # TYPE pgwal_checkpoint_timestamp_seconds gauge
        pgwal_checkpoint_timestamp_seconds{target="orders-dc2-a",site="dc2"} 1795453581
        # HELP pgwal_checkpoint_redo_distance_bytes WAL from the last checkpoint's redo position to the current position: what a crash recovery would replay. [pg_control_checkpoint().redo_lsn]
        # TYPE pgwal_checkpoint_redo_distance_bytes gauge
        pgwal_checkpoint_redo_distance_bytes{target="orders-dc2-a",site="dc2"} 33567160
        # HELP pgwal_checkpoints_total Checkpoints by what began them; until 16 a standby's restartpoints are counted here. [pg_stat_bgwriter.checkpoints_timed, _req; 17+: pg_stat_checkpointer.num_timed, num_requested]
        # TYPE pgwal_checkpoints_total counter
        pgwal_checkpoints_total{target="orders-dc2-a",site="dc2",kind="timed"} 0
        pgwal_checkpoints_total{target="orders-dc2-a",site="dc2",kind="requested"} 0
        # HELP pgwal_restartpoints_total Restartpoints begun by kind; many of the timed ones find nothing to do. [pg_stat_checkpointer.restartpoints_timed, restartpoints_req]
        # TYPE pgwal_restartpoints_total counter
        pgwal_restartpoints_total{target="orders-dc2-a",site="dc2",kind="timed"} 0
        pgwal_restartpoints_total{target="orders-dc2-a",site="dc2",kind="requested"} 1
        # HELP pgwal_restartpoints_done_total Restartpoints that were carried out. [pg_stat_checkpointer.restartpoints_done]
        # TYPE pgwal_restartpoints_done_total counter
        pgwal_restartpoints_done_total{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_walsenders_used Walsenders connected, base backups included. [pg_stat_replication]
        # TYPE pgwal_walsenders_used gauge
        pgwal_walsenders_used{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_walsenders_limit Walsenders that may be connected. [max_wal_senders]
        # TYPE pgwal_walsenders_limit gauge
        pgwal_walsenders_limit{target="orders-dc2-a",site="dc2"} 20
        # HELP pgwal_slot_active 1: a consumer is connected to the slot. [pg_replication_slots.active]
        # TYPE pgwal_slot_active gauge
        pgwal_slot_active{target="orders-dc2-a",site="dc2",slot_name="orders_cdc",slot_type="logical"} 1
        # HELP pgwal_slot_info What kind of slot it is. Labels that the version does not know are empty. [pg_replication_slots]
        # TYPE pgwal_slot_info gauge
        pgwal_slot_info{target="orders-dc2-a",site="dc2",slot_name="orders_cdc",slot_type="logical",plugin="test_decoding",database="postgres",temporary="true",two_phase="false",failover="true",synced="true"} 1
        # HELP pgwal_slot_invalidated 1: the slot can never be used again, and why; before 17 the server does not say why (unknown). [pg_replication_slots.invalidation_reason, wal_status]
        # TYPE pgwal_slot_invalidated gauge
        pgwal_slot_invalidated{target="orders-dc2-a",site="dc2",slot_name="orders_cdc",slot_type="logical",reason="wal_removed"} 0
        pgwal_slot_invalidated{target="orders-dc2-a",site="dc2",slot_name="orders_cdc",slot_type="logical",reason="rows_removed"} 0
        pgwal_slot_invalidated{target="orders-dc2-a",site="dc2",slot_name="orders_cdc",slot_type="logical",reason="wal_level_insufficient"} 0
        pgwal_slot_invalidated{target="orders-dc2-a",site="dc2",slot_name="orders_cdc",slot_type="logical",reason="idle_timeout"} 0
        # HELP pgwal_slot_retained_bytes WAL that the slot keeps from being removed. Absent when it keeps none: never reserved, or lost (see slot_wal_status). [pg_replication_slots.restart_lsn]
        # TYPE pgwal_slot_retained_bytes gauge
        pgwal_slot_retained_bytes{target="orders-dc2-a",site="dc2",slot_name="orders_cdc",slot_type="logical"} 33567376
        # HELP pgwal_slot_catalog_xmin_age_transactions Age of the oldest transaction that the slot holds back from vacuum of the catalogs. [pg_replication_slots.catalog_xmin]
        # TYPE pgwal_slot_catalog_xmin_age_transactions gauge
        pgwal_slot_catalog_xmin_age_transactions{target="orders-dc2-a",site="dc2",slot_name="orders_cdc",slot_type="logical"} 19
        # HELP pgwal_slot_failover_ready 1: the slot was synchronized to this standby and would be there after a failover. [pg_replication_slots.failover, synced, temporary, invalidation_reason]
        # TYPE pgwal_slot_failover_ready gauge
        pgwal_slot_failover_ready{target="orders-dc2-a",site="dc2",slot_name="orders_cdc",slot_type="logical"} 0
        # HELP pgwal_slots_used Replication slots that exist. [pg_replication_slots]
        # TYPE pgwal_slots_used gauge
        pgwal_slots_used{target="orders-dc2-a",site="dc2"} 1
        # HELP pgwal_slots_limit Replication slots that may exist. [max_replication_slots]
        # TYPE pgwal_slots_limit gauge
        pgwal_slots_limit{target="orders-dc2-a",site="dc2"} 15
        # HELP pgwal_role_expected The role that this target should have: `primary` is what an address that follows the primary (VIP) is expected to lead to. [expect: in the configuration]
        # TYPE pgwal_role_expected gauge
        pgwal_role_expected{target="orders-dc2-a",site="dc2",role="any"} 1
        pgwal_role_expected{target="orders-dc2-a",site="dc2",role="primary"} 0
        pgwal_role_expected{target="orders-dc2-a",site="dc2",role="standby"} 0
        # HELP pgwal_role_mismatch 1: the server has another role than the expected one; 0: it has that role, or either will do. [pg_is_in_recovery(); expect: in the configuration]
        # TYPE pgwal_role_mismatch gauge
        pgwal_role_mismatch{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_receiver_configured 1: the standby is told to stream from an upstream; 0: it lives on its archive alone. [primary_conninfo, primary_slot_name, restore_command, pg_stat_wal_receiver]
        # TYPE pgwal_receiver_configured gauge
        pgwal_receiver_configured{target="orders-dc2-a",site="dc2"} 1
        # HELP pgwal_upstream_info Where the standby streams from; while it does not, where it is told to. Compare with the slots of that server. Nothing else of the connection string is ever read. [pg_stat_wal_receiver.sender_host, sender_port, slot_name; primary_conninfo, primary_slot_name]
        # TYPE pgwal_upstream_info gauge
        pgwal_upstream_info{target="orders-dc2-a",site="dc2",upstream_host="10.77.1.100",upstream_port="5432",slot_name="standby_cluster"} 1
        # HELP pgwal_receiver_up 1: WAL is really being received; 0: it is not, whatever the status says. `streaming` alone flaps while the slot or the WAL is missing. [pg_stat_wal_receiver.status, latest_end_lsn, last_msg_receipt_time; pg_stat_activity.backend_start]
        # TYPE pgwal_receiver_up gauge
        pgwal_receiver_up{target="orders-dc2-a",site="dc2"} 1
        # HELP pgwal_receiver_status Status of the walreceiver; stopped when there is none. [pg_stat_wal_receiver.status]
        # TYPE pgwal_receiver_status gauge
        pgwal_receiver_status{target="orders-dc2-a",site="dc2",status="stopped"} 0
        pgwal_receiver_status{target="orders-dc2-a",site="dc2",status="starting"} 0
        pgwal_receiver_status{target="orders-dc2-a",site="dc2",status="connecting"} 0
        pgwal_receiver_status{target="orders-dc2-a",site="dc2",status="streaming"} 1
        pgwal_receiver_status{target="orders-dc2-a",site="dc2",status="waiting"} 0
        pgwal_receiver_status{target="orders-dc2-a",site="dc2",status="restarting"} 0
        pgwal_receiver_status{target="orders-dc2-a",site="dc2",status="stopping"} 0
        # HELP pgwal_receiver_last_message_timestamp_seconds When the last message from the upstream was received, Unix time. On an idle link up to half of wal_receiver_timeout old. [pg_stat_wal_receiver.last_msg_receipt_time]
        # TYPE pgwal_receiver_last_message_timestamp_seconds gauge
        pgwal_receiver_last_message_timestamp_seconds{target="orders-dc2-a",site="dc2"} 1795453622.108211
        # HELP pgwal_receiver_transit_seconds This server's clock at receipt minus the upstream's clock at sending: the difference of the clocks plus the latency. [pg_stat_wal_receiver.last_msg_receipt_time, last_msg_send_time]
        # TYPE pgwal_receiver_transit_seconds gauge
        pgwal_receiver_transit_seconds{target="orders-dc2-a",site="dc2"} 0.005491
        # HELP pgwal_upstream_lag_bytes The upstream's end of WAL, as of its last message, minus what is replayed here. Absent when nothing is received. [pg_stat_wal_receiver.latest_end_lsn, pg_last_wal_replay_lsn()]
        # TYPE pgwal_upstream_lag_bytes gauge
        pgwal_upstream_lag_bytes{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_replay_backlog_bytes WAL received and not yet replayed. 0 says nothing of what was not received. [pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()]
        # TYPE pgwal_replay_backlog_bytes gauge
        pgwal_replay_backlog_bytes{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_replay_pause_state Whether replay is paused; PostgreSQL 13 only tells that a pause was requested. [pg_get_wal_replay_pause_state()]
        # TYPE pgwal_replay_pause_state gauge
        pgwal_replay_pause_state{target="orders-dc2-a",site="dc2",state="not paused"} 1
        pgwal_replay_pause_state{target="orders-dc2-a",site="dc2",state="pause requested"} 0
        pgwal_replay_pause_state{target="orders-dc2-a",site="dc2",state="paused"} 0
        # HELP pgwal_last_replayed_transaction_timestamp_seconds Commit time of the last replayed transaction, Unix time by the primary's clock. Its age is no lag: it grows while the primary idles. [pg_last_xact_replay_timestamp()]
        # TYPE pgwal_last_replayed_transaction_timestamp_seconds gauge
        pgwal_last_replayed_transaction_timestamp_seconds{target="orders-dc2-a",site="dc2"} 1795453618.851646
        # HELP pgwal_recovery_conflicts_total Queries cancelled by replay, summed over the databases. [pg_stat_database_conflicts]
        # TYPE pgwal_recovery_conflicts_total counter
        pgwal_recovery_conflicts_total{target="orders-dc2-a",site="dc2",conflict="tablespace"} 0
        pgwal_recovery_conflicts_total{target="orders-dc2-a",site="dc2",conflict="lock"} 0
        pgwal_recovery_conflicts_total{target="orders-dc2-a",site="dc2",conflict="snapshot"} 0
        pgwal_recovery_conflicts_total{target="orders-dc2-a",site="dc2",conflict="bufferpin"} 0
        pgwal_recovery_conflicts_total{target="orders-dc2-a",site="dc2",conflict="deadlock"} 0
        pgwal_recovery_conflicts_total{target="orders-dc2-a",site="dc2",conflict="active_logical_slot"} 0
        # HELP pgwal_recovery_prefetch_prefetched_blocks_total Blocks prefetched because they were not in the buffer pool. [pg_stat_recovery_prefetch.prefetch]
        # TYPE pgwal_recovery_prefetch_prefetched_blocks_total counter
        pgwal_recovery_prefetch_prefetched_blocks_total{target="orders-dc2-a",site="dc2"} 2
        # HELP pgwal_recovery_prefetch_hits_total Blocks not prefetched because they were in the buffer pool. [pg_stat_recovery_prefetch.hit]
        # TYPE pgwal_recovery_prefetch_hits_total counter
        pgwal_recovery_prefetch_hits_total{target="orders-dc2-a",site="dc2"} 5
        # HELP pgwal_recovery_prefetch_skipped_init_total Blocks not prefetched because they would be zero-initialized. [pg_stat_recovery_prefetch.skip_init]
        # TYPE pgwal_recovery_prefetch_skipped_init_total counter
        pgwal_recovery_prefetch_skipped_init_total{target="orders-dc2-a",site="dc2"} 22
        # HELP pgwal_recovery_prefetch_skipped_new_total Blocks not prefetched because they did not exist yet. [pg_stat_recovery_prefetch.skip_new]
        # TYPE pgwal_recovery_prefetch_skipped_new_total counter
        pgwal_recovery_prefetch_skipped_new_total{target="orders-dc2-a",site="dc2"} 480
        # HELP pgwal_recovery_prefetch_skipped_full_page_total Blocks not prefetched because the WAL held a full-page image. [pg_stat_recovery_prefetch.skip_fpw]
        # TYPE pgwal_recovery_prefetch_skipped_full_page_total counter
        pgwal_recovery_prefetch_skipped_full_page_total{target="orders-dc2-a",site="dc2"} 16
        # HELP pgwal_recovery_prefetch_skipped_repeated_total Blocks not prefetched because they already were recently. [pg_stat_recovery_prefetch.skip_rep]
        # TYPE pgwal_recovery_prefetch_skipped_repeated_total counter
        pgwal_recovery_prefetch_skipped_repeated_total{target="orders-dc2-a",site="dc2"} 3549
        # HELP pgwal_recovery_prefetch_wal_distance_bytes How far ahead of replay the prefetcher looks, in WAL. [pg_stat_recovery_prefetch.wal_distance]
        # TYPE pgwal_recovery_prefetch_wal_distance_bytes gauge
        pgwal_recovery_prefetch_wal_distance_bytes{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_recovery_prefetch_block_distance How far ahead of replay the prefetcher looks, in blocks. [pg_stat_recovery_prefetch.block_distance]
        # TYPE pgwal_recovery_prefetch_block_distance gauge
        pgwal_recovery_prefetch_block_distance{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_recovery_prefetch_io_depth Prefetches begun and not yet known to be finished. [pg_stat_recovery_prefetch.io_depth]
        # TYPE pgwal_recovery_prefetch_io_depth gauge
        pgwal_recovery_prefetch_io_depth{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_rewind_blocker 1: pg_rewind would fail for this reason. wal_not_kept: WAL back to the last checkpoint is not kept, which a slot does not do. [wal_log_hints, data_checksums, full_page_writes, wal_keep_size; pg_control_checkpoint().redo_lsn]
        # TYPE pgwal_rewind_blocker gauge
        pgwal_rewind_blocker{target="orders-dc2-a",site="dc2",reason="wal_log_hints_and_checksums_off"} 0
        pgwal_rewind_blocker{target="orders-dc2-a",site="dc2",reason="full_page_writes_off"} 0
        # HELP pgwal_replication_origins Replication origins that exist. [pg_replication_origin]
        # TYPE pgwal_replication_origins gauge
        pgwal_replication_origins{target="orders-dc2-a",site="dc2"} 2
        # HELP pgwal_replication_origins_limit Replication origins that may be in use at once. [max_replication_slots; 18+: max_active_replication_origins]
        # TYPE pgwal_replication_origins_limit gauge
        pgwal_replication_origins_limit{target="orders-dc2-a",site="dc2"} 10
        # HELP pgwal_setting_max_wal_size_bytes The setting max_wal_size. [pg_settings]
        # TYPE pgwal_setting_max_wal_size_bytes gauge
        pgwal_setting_max_wal_size_bytes{target="orders-dc2-a",site="dc2"} 67108864
        # HELP pgwal_setting_wal_keep_size_bytes The setting wal_keep_size. [pg_settings]
        # TYPE pgwal_setting_wal_keep_size_bytes gauge
        pgwal_setting_wal_keep_size_bytes{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_setting_max_slot_wal_keep_size_bytes The setting max_slot_wal_keep_size. Absent when unlimited. [pg_settings]
        # TYPE pgwal_setting_max_slot_wal_keep_size_bytes gauge
        pgwal_setting_max_slot_wal_keep_size_bytes{target="orders-dc2-a",site="dc2"} 67108864
        # HELP pgwal_setting_wal_segment_size_bytes wal_segment_size. [pg_control_init()]
        # TYPE pgwal_setting_wal_segment_size_bytes gauge
        pgwal_setting_wal_segment_size_bytes{target="orders-dc2-a",site="dc2"} 16777216
        # HELP pgwal_setting_wal_level The setting wal_level. [pg_settings]
        # TYPE pgwal_setting_wal_level gauge
        pgwal_setting_wal_level{target="orders-dc2-a",site="dc2",level="minimal"} 0
        pgwal_setting_wal_level{target="orders-dc2-a",site="dc2",level="replica"} 0
        pgwal_setting_wal_level{target="orders-dc2-a",site="dc2",level="logical"} 1
        # HELP pgwal_setting_archive_mode The setting archive_mode. [pg_settings]
        # TYPE pgwal_setting_archive_mode gauge
        pgwal_setting_archive_mode{target="orders-dc2-a",site="dc2",mode="off"} 0
        pgwal_setting_archive_mode{target="orders-dc2-a",site="dc2",mode="on"} 1
        pgwal_setting_archive_mode{target="orders-dc2-a",site="dc2",mode="always"} 0
        # HELP pgwal_setting_wal_log_hints The setting wal_log_hints. [pg_settings]
        # TYPE pgwal_setting_wal_log_hints gauge
        pgwal_setting_wal_log_hints{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_setting_data_checksums The setting data_checksums. [pg_settings]
        # TYPE pgwal_setting_data_checksums gauge
        pgwal_setting_data_checksums{target="orders-dc2-a",site="dc2"} 1
        # HELP pgwal_setting_full_page_writes The setting full_page_writes. [pg_settings]
        # TYPE pgwal_setting_full_page_writes gauge
        pgwal_setting_full_page_writes{target="orders-dc2-a",site="dc2"} 1
        # HELP pgwal_setting_hot_standby_feedback The setting hot_standby_feedback. [pg_settings]
        # TYPE pgwal_setting_hot_standby_feedback gauge
        pgwal_setting_hot_standby_feedback{target="orders-dc2-a",site="dc2"} 1
        # HELP pgwal_setting_wal_sender_timeout_seconds The setting wal_sender_timeout. 0: disabled. [pg_settings]
        # TYPE pgwal_setting_wal_sender_timeout_seconds gauge
        pgwal_setting_wal_sender_timeout_seconds{target="orders-dc2-a",site="dc2"} 60
        # HELP pgwal_setting_wal_receiver_timeout_seconds The setting wal_receiver_timeout. 0: disabled. [pg_settings]
        # TYPE pgwal_setting_wal_receiver_timeout_seconds gauge
        pgwal_setting_wal_receiver_timeout_seconds{target="orders-dc2-a",site="dc2"} 60
        # HELP pgwal_setting_recovery_min_apply_delay_seconds The setting recovery_min_apply_delay. [pg_settings]
        # TYPE pgwal_setting_recovery_min_apply_delay_seconds gauge
        pgwal_setting_recovery_min_apply_delay_seconds{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_setting_idle_replication_slot_timeout_seconds The setting idle_replication_slot_timeout. 0: disabled. [pg_settings]
        # TYPE pgwal_setting_idle_replication_slot_timeout_seconds gauge
        pgwal_setting_idle_replication_slot_timeout_seconds{target="orders-dc2-a",site="dc2"} 0
        # HELP pgwal_setting_synchronous_commit The setting synchronous_commit. [pg_settings]
        # TYPE pgwal_setting_synchronous_commit gauge
        pgwal_setting_synchronous_commit{target="orders-dc2-a",site="dc2",level="off"} 0
        pgwal_setting_synchronous_commit{target="orders-dc2-a",site="dc2",level="local"} 0
        pgwal_setting_synchronous_commit{target="orders-dc2-a",site="dc2",level="remote_write"} 0
        pgwal_setting_synchronous_commit{target="orders-dc2-a",site="dc2",level="on"} 1
        pgwal_setting_synchronous_commit{target="orders-dc2-a",site="dc2",level="remote_apply"} 0

        """#
}
