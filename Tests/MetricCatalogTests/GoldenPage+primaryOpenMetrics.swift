// Written by GoldenPageTests.

extension GoldenPage {
    static let primaryOpenMetrics = #"""
        # TYPE pgwal_up gauge
        # HELP pgwal_up 1: connected, and the server's identity and role were read in time. 0: the server failed. Absent before its first answer. [measured by the exporter]
        pgwal_up{target="orders-dc1-a",site="dc1"} 1
        # TYPE pgwal_target info
        # HELP pgwal_target The server behind the target. system_identifier is equal on all members of a physical cluster. [pg_control_system(), inet_server_addr(), cluster_name]
        pgwal_target_info{target="orders-dc1-a",site="dc1",version="18.6",system_identifier="7711414404705161623",server_address="10.77.1.11",cluster_name="orders-dc1"} 1
        # TYPE pgwal_in_recovery gauge
        # HELP pgwal_in_recovery 1: a standby (or a server in recovery); 0: a primary. [pg_is_in_recovery()]
        pgwal_in_recovery{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_timeline gauge
        # HELP pgwal_timeline Timeline that the server writes or follows. [primary: pg_walfile_name(); standby: received_tli, pg_stat_recovery, pg_control_recovery()]
        pgwal_timeline{target="orders-dc1-a",site="dc1"} 1
        # TYPE pgwal_postmaster_start_timestamp_seconds gauge
        # UNIT pgwal_postmaster_start_timestamp_seconds seconds
        # HELP pgwal_postmaster_start_timestamp_seconds When the server was started, Unix time by its own clock. [pg_postmaster_start_time()]
        pgwal_postmaster_start_timestamp_seconds{target="orders-dc1-a",site="dc1"} 1795453580.488011
        # TYPE pgwal_server_clock_offset_seconds gauge
        # UNIT pgwal_server_clock_offset_seconds seconds
        # HELP pgwal_server_clock_offset_seconds Server clock minus exporter clock, at the middle of the round trip. [clock_timestamp()]
        pgwal_server_clock_offset_seconds{target="orders-dc1-a",site="dc1"} 0.000125
        # TYPE pgwal_collector_success gauge
        # HELP pgwal_collector_success 1: the collector's last run succeeded. One collector's failure costs only its own metrics. [measured by the exporter]
        pgwal_collector_success{target="orders-dc1-a",site="dc1",collector="wal"} 1
        pgwal_collector_success{target="orders-dc1-a",site="dc1",collector="wal_summaries"} 0
        # TYPE pgwal_collector_duration_seconds gauge
        # UNIT pgwal_collector_duration_seconds seconds
        # HELP pgwal_collector_duration_seconds Time from the previous answer of the same round trip to this collector's. [measured by the exporter]
        pgwal_collector_duration_seconds{target="orders-dc1-a",site="dc1",collector="wal"} 0.0005
        pgwal_collector_duration_seconds{target="orders-dc1-a",site="dc1",collector="wal_summaries"} 0.00025
        # TYPE pgwal_collector_errors counter
        # HELP pgwal_collector_errors Failures of a collector by reason since the exporter started. A pair has a series once it has failed. [measured by the exporter]
        pgwal_collector_errors_total{target="orders-dc1-a",site="dc1",collector="wal_summaries",reason="permission"} 3
        # TYPE pgwal_collection_duration_seconds gauge
        # UNIT pgwal_collection_duration_seconds seconds
        # HELP pgwal_collection_duration_seconds Duration of the latest collection, or of the vain attempt at it. [measured by the exporter]
        pgwal_collection_duration_seconds{target="orders-dc1-a",site="dc1"} 0.0125
        # TYPE pgwal_collection_pending gauge
        # HELP pgwal_collection_pending 1: the scraper's timeout was too short to wait for the collection, which goes on: the values are of an earlier one, or absent. [measured by the exporter]
        pgwal_collection_pending{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_connects counter
        # HELP pgwal_connects Sessions opened to the server since the exporter started. [measured by the exporter]
        pgwal_connects_total{target="orders-dc1-a",site="dc1"} 2
        # TYPE pgwal_privilege_missing gauge
        # HELP pgwal_privilege_missing 1: values are hidden from the monitoring role; GRANT pg_monitor TO it, or the privilege named by the label. [pg_has_role(), has_function_privilege()]
        pgwal_privilege_missing{target="orders-dc1-a",site="dc1",privilege="pg_read_all_stats"} 0
        pgwal_privilege_missing{target="orders-dc1-a",site="dc1",privilege="pg_ls_waldir"} 0
        pgwal_privilege_missing{target="orders-dc1-a",site="dc1",privilege="pg_ls_archive_statusdir"} 0
        pgwal_privilege_missing{target="orders-dc1-a",site="dc1",privilege="pg_ls_replslotdir"} 0
        pgwal_privilege_missing{target="orders-dc1-a",site="dc1",privilege="pg_ls_summariesdir"} 1
        # TYPE pgwal_wal_inserted_bytes counter
        # UNIT pgwal_wal_inserted_bytes bytes
        # HELP pgwal_wal_inserted_bytes WAL inserted, as the insert position in bytes since 0/0. [pg_current_wal_insert_lsn()]
        pgwal_wal_inserted_bytes_total{target="orders-dc1-a",site="dc1"} 184561856
        # TYPE pgwal_wal_written_bytes counter
        # UNIT pgwal_wal_written_bytes bytes
        # HELP pgwal_wal_written_bytes WAL written to the operating system, as the write position in bytes since 0/0. [pg_current_wal_lsn()]
        pgwal_wal_written_bytes_total{target="orders-dc1-a",site="dc1"} 184559576
        # TYPE pgwal_wal_flushed_bytes counter
        # UNIT pgwal_wal_flushed_bytes bytes
        # HELP pgwal_wal_flushed_bytes WAL flushed to disk, as the flush position in bytes since 0/0. [pg_current_wal_flush_lsn()]
        pgwal_wal_flushed_bytes_total{target="orders-dc1-a",site="dc1"} 184559576
        # TYPE pgwal_wal_records counter
        # HELP pgwal_wal_records WAL records generated. [pg_stat_wal.wal_records]
        pgwal_wal_records_total{target="orders-dc1-a",site="dc1"} 33179
        # TYPE pgwal_wal_full_page_images counter
        # HELP pgwal_wal_full_page_images Full-page images generated. [pg_stat_wal.wal_fpi]
        pgwal_wal_full_page_images_total{target="orders-dc1-a",site="dc1"} 1833
        # TYPE pgwal_wal_generated_bytes counter
        # UNIT pgwal_wal_generated_bytes bytes
        # HELP pgwal_wal_generated_bytes WAL generated, padding between records and segment switches not counted. [pg_stat_wal.wal_bytes]
        pgwal_wal_generated_bytes_total{target="orders-dc1-a",site="dc1"} 12672861
        # TYPE pgwal_wal_buffers_full counter
        # HELP pgwal_wal_buffers_full Times that WAL was written because wal_buffers was full. [pg_stat_wal.wal_buffers_full]
        pgwal_wal_buffers_full_total{target="orders-dc1-a",site="dc1"} 16780
        # TYPE pgwal_wal_writes counter
        # HELP pgwal_wal_writes Writes of WAL to disk; from 18 on by every process, also the walreceiver. [pg_stat_wal.wal_write, 18+: pg_stat_io.writes]
        pgwal_wal_writes_total{target="orders-dc1-a",site="dc1"} 17604
        # TYPE pgwal_wal_syncs counter
        # HELP pgwal_wal_syncs Syncs of WAL to disk; from 18 on by every process, also the walreceiver. [pg_stat_wal.wal_sync, 18+: pg_stat_io.fsyncs]
        pgwal_wal_syncs_total{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_wal_write_seconds counter
        # UNIT pgwal_wal_write_seconds seconds
        # HELP pgwal_wal_write_seconds Time spent in writes of WAL. [pg_stat_wal.wal_write_time, 18+: pg_stat_io.write_time]
        pgwal_wal_write_seconds_total{target="orders-dc1-a",site="dc1"} 0.061775
        # TYPE pgwal_wal_sync_seconds counter
        # UNIT pgwal_wal_sync_seconds seconds
        # HELP pgwal_wal_sync_seconds Time spent in syncs of WAL. [pg_stat_wal.wal_sync_time, 18+: pg_stat_io.fsync_time]
        pgwal_wal_sync_seconds_total{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_wal_directory_bytes gauge
        # UNIT pgwal_wal_directory_bytes bytes
        # HELP pgwal_wal_directory_bytes Size of all files in pg_wal, as of the last listing. [pg_ls_waldir().size]
        pgwal_wal_directory_bytes{target="orders-dc1-a",site="dc1"} 67109202
        # TYPE pgwal_wal_directory_segments gauge
        # HELP pgwal_wal_directory_segments WAL segments in pg_wal, recycled ones included, as of the last listing. [pg_ls_waldir().name]
        pgwal_wal_directory_segments{target="orders-dc1-a",site="dc1"} 4
        # TYPE pgwal_wal_directory_recycled_segments gauge
        # HELP pgwal_wal_directory_recycled_segments Segments ahead of the current position: recycled or preallocated, no WAL in them yet, as of the last listing. [pg_ls_waldir().name]
        pgwal_wal_directory_recycled_segments{target="orders-dc1-a",site="dc1"} 2
        # TYPE pgwal_wal_directory_oldest_segment_timestamp_seconds gauge
        # UNIT pgwal_wal_directory_oldest_segment_timestamp_seconds seconds
        # HELP pgwal_wal_directory_oldest_segment_timestamp_seconds When the oldest kept segment was last written, Unix time, as of the last listing. [pg_ls_waldir().modification]
        pgwal_wal_directory_oldest_segment_timestamp_seconds{target="orders-dc1-a",site="dc1"} 1795453614
        # TYPE pgwal_wal_directory_read_timestamp_seconds gauge
        # UNIT pgwal_wal_directory_read_timestamp_seconds seconds
        # HELP pgwal_wal_directory_read_timestamp_seconds When pg_wal was last listed, Unix time by the server's clock. [clock_timestamp()]
        pgwal_wal_directory_read_timestamp_seconds{target="orders-dc1-a",site="dc1"} 1795453622.15664
        # TYPE pgwal_wal_oldest_kept_position_bytes gauge
        # UNIT pgwal_wal_oldest_kept_position_bytes bytes
        # HELP pgwal_wal_oldest_kept_position_bytes First byte of the oldest segment kept, in bytes since 0/0. A standby whose replayed position is below its upstream's can never catch up. [pg_ls_waldir().name]
        pgwal_wal_oldest_kept_position_bytes{target="orders-dc1-a",site="dc1"} 167772160
        # TYPE pgwal_wal_unsummarized_bytes gauge
        # UNIT pgwal_wal_unsummarized_bytes bytes
        # HELP pgwal_wal_unsummarized_bytes WAL not yet summarized; it is kept like the WAL of a slot. One checkpoint's worth is normal. [pg_get_wal_summarizer_state()]
        pgwal_wal_unsummarized_bytes{target="orders-dc1-a",site="dc1"} 9952
        # TYPE pgwal_checkpoint_timestamp_seconds gauge
        # UNIT pgwal_checkpoint_timestamp_seconds seconds
        # HELP pgwal_checkpoint_timestamp_seconds When the last checkpoint (standby: restartpoint) was begun, Unix time. [pg_control_checkpoint().checkpoint_time]
        pgwal_checkpoint_timestamp_seconds{target="orders-dc1-a",site="dc1"} 1795453614
        # TYPE pgwal_checkpoint_redo_distance_bytes gauge
        # UNIT pgwal_checkpoint_redo_distance_bytes bytes
        # HELP pgwal_checkpoint_redo_distance_bytes WAL from the last checkpoint's redo position to the current position: what a crash recovery would replay. [pg_control_checkpoint().redo_lsn]
        pgwal_checkpoint_redo_distance_bytes{target="orders-dc1-a",site="dc1"} 9952
        # TYPE pgwal_checkpoints counter
        # HELP pgwal_checkpoints Checkpoints by what began them; until 16 a standby's restartpoints are counted here. [pg_stat_bgwriter.checkpoints_timed, _req; 17+: pg_stat_checkpointer.num_timed, num_requested]
        pgwal_checkpoints_total{target="orders-dc1-a",site="dc1",kind="timed"} 0
        pgwal_checkpoints_total{target="orders-dc1-a",site="dc1",kind="requested"} 10
        # TYPE pgwal_restartpoints counter
        # HELP pgwal_restartpoints Restartpoints begun by kind; many of the timed ones find nothing to do. [pg_stat_checkpointer.restartpoints_timed, restartpoints_req]
        pgwal_restartpoints_total{target="orders-dc1-a",site="dc1",kind="timed"} 0
        pgwal_restartpoints_total{target="orders-dc1-a",site="dc1",kind="requested"} 0
        # TYPE pgwal_restartpoints_done counter
        # HELP pgwal_restartpoints_done Restartpoints that were carried out. [pg_stat_checkpointer.restartpoints_done]
        pgwal_restartpoints_done_total{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_archiver_archived counter
        # HELP pgwal_archiver_archived WAL files archived. [pg_stat_archiver.archived_count]
        pgwal_archiver_archived_total{target="orders-dc1-a",site="dc1"} 11
        # TYPE pgwal_archiver_failed counter
        # HELP pgwal_archiver_failed Failed tries to archive a WAL file. [pg_stat_archiver.failed_count]
        pgwal_archiver_failed_total{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_archiver_last_archived_timestamp_seconds gauge
        # UNIT pgwal_archiver_last_archived_timestamp_seconds seconds
        # HELP pgwal_archiver_last_archived_timestamp_seconds When a file was last archived, Unix time. An idle server archives nothing: look at archive_ready_files too. [pg_stat_archiver.last_archived_time]
        pgwal_archiver_last_archived_timestamp_seconds{target="orders-dc1-a",site="dc1"} 1795453614.028616
        # TYPE pgwal_archiver_failing gauge
        # HELP pgwal_archiver_failing 1: the last try to archive failed, or none ever succeeded, or archive_mode is on without a command or library. [pg_stat_archiver, archive_command, archive_library]
        pgwal_archiver_failing{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_archive_ready_files gauge
        # HELP pgwal_archive_ready_files Files that wait to be archived, as of the last listing. [pg_ls_archive_statusdir(): .ready]
        pgwal_archive_ready_files{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_archive_lag_bytes gauge
        # UNIT pgwal_archive_lag_bytes bytes
        # HELP pgwal_archive_lag_bytes WAL from the end of the last archived segment to the current position. [pg_stat_archiver.last_archived_wal]
        pgwal_archive_lag_bytes{target="orders-dc1-a",site="dc1"} 10200
        # TYPE pgwal_walsender_connections gauge
        # HELP pgwal_walsender_connections Walsenders told in this series: those that share application name, address and slot. Other values are of the worst of them. [pg_stat_replication]
        pgwal_walsender_connections{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 1
        pgwal_walsender_connections{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name=""} 1
        pgwal_walsender_connections{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name=""} 1
        pgwal_walsender_connections{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 1
        # TYPE pgwal_walsender_state gauge
        # HELP pgwal_walsender_state State of the walsender; backup is a base backup. [pg_stat_replication.state]
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1",state="startup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1",state="catchup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1",state="streaming"} 1
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1",state="backup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1",state="stopping"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",state="startup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",state="catchup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",state="streaming"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",state="backup"} 1
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",state="stopping"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name="",state="startup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name="",state="catchup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name="",state="streaming"} 1
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name="",state="backup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name="",state="stopping"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup",state="startup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup",state="catchup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup",state="streaming"} 1
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup",state="backup"} 0
        pgwal_walsender_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup",state="stopping"} 0
        # TYPE pgwal_walsender_sync_state gauge
        # HELP pgwal_walsender_sync_state Whether commits wait for this standby. [pg_stat_replication.sync_state]
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1",sync_state="async"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1",sync_state="potential"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1",sync_state="quorum"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1",sync_state="sync"} 1
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",sync_state="async"} 1
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",sync_state="potential"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",sync_state="quorum"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",sync_state="sync"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name="",sync_state="async"} 1
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name="",sync_state="potential"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name="",sync_state="quorum"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name="",sync_state="sync"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup",sync_state="async"} 1
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup",sync_state="potential"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup",sync_state="quorum"} 0
        pgwal_walsender_sync_state{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup",sync_state="sync"} 0
        # TYPE pgwal_walsender_sync_priority gauge
        # HELP pgwal_walsender_sync_priority Priority in synchronous_standby_names, 1 first; 0 asynchronous. [pg_stat_replication.sync_priority]
        pgwal_walsender_sync_priority{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 1
        pgwal_walsender_sync_priority{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name=""} 0
        pgwal_walsender_sync_priority{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name=""} 0
        pgwal_walsender_sync_priority{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 0
        # TYPE pgwal_walsender_sent_lag_bytes gauge
        # UNIT pgwal_walsender_sent_lag_bytes bytes
        # HELP pgwal_walsender_sent_lag_bytes Current position minus what was sent. [pg_stat_replication.sent_lsn]
        pgwal_walsender_sent_lag_bytes{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 0
        pgwal_walsender_sent_lag_bytes{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name=""} 0
        pgwal_walsender_sent_lag_bytes{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 0
        # TYPE pgwal_walsender_write_lag_bytes gauge
        # UNIT pgwal_walsender_write_lag_bytes bytes
        # HELP pgwal_walsender_write_lag_bytes Current position minus what the standby has written. [pg_stat_replication.write_lsn]
        pgwal_walsender_write_lag_bytes{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 0
        pgwal_walsender_write_lag_bytes{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name=""} 16787416
        pgwal_walsender_write_lag_bytes{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 10200
        # TYPE pgwal_walsender_flush_lag_bytes gauge
        # UNIT pgwal_walsender_flush_lag_bytes bytes
        # HELP pgwal_walsender_flush_lag_bytes Current position minus what the standby has flushed to disk. [pg_stat_replication.flush_lsn]
        pgwal_walsender_flush_lag_bytes{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 0
        pgwal_walsender_flush_lag_bytes{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 10200
        # TYPE pgwal_walsender_replay_lag_bytes gauge
        # UNIT pgwal_walsender_replay_lag_bytes bytes
        # HELP pgwal_walsender_replay_lag_bytes Current position minus what the standby has replayed. [pg_stat_replication.replay_lsn]
        pgwal_walsender_replay_lag_bytes{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 0
        # TYPE pgwal_walsender_write_lag_seconds gauge
        # UNIT pgwal_walsender_write_lag_seconds seconds
        # HELP pgwal_walsender_write_lag_seconds Time until the standby had written recent WAL, as the server measured it; 0 only when streaming and caught up. [pg_stat_replication.write_lag]
        pgwal_walsender_write_lag_seconds{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 0.001344
        pgwal_walsender_write_lag_seconds{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name=""} 0.003929
        pgwal_walsender_write_lag_seconds{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 6.1e-05
        # TYPE pgwal_walsender_flush_lag_seconds gauge
        # UNIT pgwal_walsender_flush_lag_seconds seconds
        # HELP pgwal_walsender_flush_lag_seconds Time until the standby had flushed recent WAL, as the server measured it; 0 only when streaming and caught up. [pg_stat_replication.flush_lag]
        pgwal_walsender_flush_lag_seconds{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 0.001348
        pgwal_walsender_flush_lag_seconds{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 6.1e-05
        # TYPE pgwal_walsender_replay_lag_seconds gauge
        # UNIT pgwal_walsender_replay_lag_seconds seconds
        # HELP pgwal_walsender_replay_lag_seconds Time until the standby had replayed recent WAL, as the server measured it; 0 only when streaming and caught up. [pg_stat_replication.replay_lag]
        pgwal_walsender_replay_lag_seconds{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 0.001456
        # TYPE pgwal_walsender_reply_timestamp_seconds gauge
        # UNIT pgwal_walsender_reply_timestamp_seconds seconds
        # HELP pgwal_walsender_reply_timestamp_seconds When the standby sent its last reply, Unix time by the standby's clock. [pg_stat_replication.reply_time]
        pgwal_walsender_reply_timestamp_seconds{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 1795453621.497151
        pgwal_walsender_reply_timestamp_seconds{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name=""} 1795453614.023705
        pgwal_walsender_reply_timestamp_seconds{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 1795453614.433635
        # TYPE pgwal_walsender_start_timestamp_seconds gauge
        # UNIT pgwal_walsender_start_timestamp_seconds seconds
        # HELP pgwal_walsender_start_timestamp_seconds When the walsender's client connected, Unix time; of several the latest. [pg_stat_replication.backend_start]
        pgwal_walsender_start_timestamp_seconds{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 1795453581.469568
        pgwal_walsender_start_timestamp_seconds{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name=""} 1795453614.006102
        pgwal_walsender_start_timestamp_seconds{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name=""} 1795453614.005302
        pgwal_walsender_start_timestamp_seconds{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 1795453614.427613
        # TYPE pgwal_walsender_diverged gauge
        # HELP pgwal_walsender_diverged 1: the standby is ahead of this server (replayed more than was sent, or its slot is beyond the end of WAL): it follows, but holds other data. [pg_stat_replication.replay_lsn, sent_lsn; pg_replication_slots.restart_lsn]
        pgwal_walsender_diverged{target="orders-dc1-a",site="dc1",application_name="sby1",client_addr="10.77.1.12",slot_name="s1"} 0
        pgwal_walsender_diverged{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name=""} 0
        pgwal_walsender_diverged{target="orders-dc1-a",site="dc1",application_name="pg_receivewal",client_addr="",slot_name=""} 0
        pgwal_walsender_diverged{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="pg_basebackup"} 0
        # TYPE pgwal_walsenders_used gauge
        # HELP pgwal_walsenders_used Walsenders connected, base backups included. [pg_stat_replication]
        pgwal_walsenders_used{target="orders-dc1-a",site="dc1"} 4
        # TYPE pgwal_walsenders_limit gauge
        # HELP pgwal_walsenders_limit Walsenders that may be connected. [max_wal_senders]
        pgwal_walsenders_limit{target="orders-dc1-a",site="dc1"} 20
        # TYPE pgwal_basebackup_streamed_bytes gauge
        # UNIT pgwal_basebackup_streamed_bytes bytes
        # HELP pgwal_basebackup_streamed_bytes Bytes of the base backup streamed so far. [pg_stat_progress_basebackup.backup_streamed]
        pgwal_basebackup_streamed_bytes{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name=""} 245760
        # TYPE pgwal_basebackup_total_bytes gauge
        # UNIT pgwal_basebackup_total_bytes bytes
        # HELP pgwal_basebackup_total_bytes Estimated bytes of the base backup. [pg_stat_progress_basebackup.backup_total]
        pgwal_basebackup_total_bytes{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name=""} 31661568
        # TYPE pgwal_basebackup_phase gauge
        # HELP pgwal_basebackup_phase What the base backup is doing. [pg_stat_progress_basebackup.phase]
        pgwal_basebackup_phase{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",phase="initializing"} 0
        pgwal_basebackup_phase{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",phase="waiting for checkpoint to finish"} 0
        pgwal_basebackup_phase{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",phase="estimating backup size"} 0
        pgwal_basebackup_phase{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",phase="streaming database files"} 1
        pgwal_basebackup_phase{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",phase="waiting for wal archiving to finish"} 0
        pgwal_basebackup_phase{target="orders-dc1-a",site="dc1",application_name="pg_basebackup",client_addr="",slot_name="",phase="transferring wal files"} 0
        # TYPE pgwal_sync_standbys_required gauge
        # HELP pgwal_sync_standbys_required Standbys that a commit waits for; 0 when synchronous_standby_names is empty. [synchronous_standby_names]
        pgwal_sync_standbys_required{target="orders-dc1-a",site="dc1"} 1
        # TYPE pgwal_sync_standbys_connected gauge
        # HELP pgwal_sync_standbys_connected Streaming standbys that count as synchronous now (sync or quorum). [pg_stat_replication.sync_state]
        pgwal_sync_standbys_connected{target="orders-dc1-a",site="dc1"} 1
        # TYPE pgwal_sync_satisfied gauge
        # HELP pgwal_sync_satisfied 1: as many synchronous standbys are connected as commits wait for; 0: commits hang (with synchronous_commit on or higher). [synchronous_standby_names, pg_stat_replication.sync_state]
        pgwal_sync_satisfied{target="orders-dc1-a",site="dc1"} 1
        # TYPE pgwal_slot_active gauge
        # HELP pgwal_slot_active 1: a consumer is connected to the slot. [pg_replication_slots.active]
        pgwal_slot_active{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical"} 0
        pgwal_slot_active{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical"} 0
        pgwal_slot_active{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical"} 1
        pgwal_slot_active{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 0
        pgwal_slot_active{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 0
        pgwal_slot_active{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical"} 1
        # TYPE pgwal_slot info
        # HELP pgwal_slot What kind of slot it is. Labels that the version does not know are empty. [pg_replication_slots]
        pgwal_slot_info{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",plugin="",database="",temporary="false",two_phase="false",failover="false",synced="false"} 1
        pgwal_slot_info{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",plugin="",database="",temporary="false",two_phase="false",failover="false",synced="false"} 1
        pgwal_slot_info{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",plugin="",database="",temporary="false",two_phase="false",failover="false",synced="false"} 1
        pgwal_slot_info{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",plugin="test_decoding",database="postgres",temporary="false",two_phase="false",failover="true",synced="false"} 1
        pgwal_slot_info{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",plugin="pgoutput",database="postgres",temporary="false",two_phase="false",failover="false",synced="false"} 1
        pgwal_slot_info{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",plugin="",database="",temporary="true",two_phase="false",failover="false",synced="false"} 1
        # TYPE pgwal_slot_wal_status gauge
        # HELP pgwal_slot_wal_status Whether the WAL that the slot needs is kept; lost: it is gone and the slot is dead; none: the slot has never reserved any. [pg_replication_slots.wal_status]
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",wal_status="reserved"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",wal_status="extended"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",wal_status="unreserved"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",wal_status="lost"} 1
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",wal_status="none"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",wal_status="reserved"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",wal_status="extended"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",wal_status="unreserved"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",wal_status="lost"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",wal_status="none"} 1
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",wal_status="reserved"} 1
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",wal_status="extended"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",wal_status="unreserved"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",wal_status="lost"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",wal_status="none"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",wal_status="reserved"} 1
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",wal_status="extended"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",wal_status="unreserved"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",wal_status="lost"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",wal_status="none"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",wal_status="reserved"} 1
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",wal_status="extended"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",wal_status="unreserved"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",wal_status="lost"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",wal_status="none"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",wal_status="reserved"} 1
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",wal_status="extended"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",wal_status="unreserved"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",wal_status="lost"} 0
        pgwal_slot_wal_status{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",wal_status="none"} 0
        # TYPE pgwal_slot_invalidated gauge
        # HELP pgwal_slot_invalidated 1: the slot can never be used again, and why; before 17 the server does not say why (unknown). [pg_replication_slots.invalidation_reason, wal_status]
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",reason="wal_removed"} 1
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",reason="rows_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",reason="wal_level_insufficient"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical",reason="idle_timeout"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",reason="wal_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",reason="rows_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",reason="wal_level_insufficient"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical",reason="idle_timeout"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",reason="wal_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",reason="rows_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",reason="wal_level_insufficient"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical",reason="idle_timeout"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",reason="wal_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",reason="rows_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",reason="wal_level_insufficient"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical",reason="idle_timeout"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",reason="wal_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",reason="rows_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",reason="wal_level_insufficient"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical",reason="idle_timeout"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",reason="wal_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",reason="rows_removed"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",reason="wal_level_insufficient"} 0
        pgwal_slot_invalidated{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical",reason="idle_timeout"} 0
        # TYPE pgwal_slot_retained_bytes gauge
        # UNIT pgwal_slot_retained_bytes bytes
        # HELP pgwal_slot_retained_bytes WAL that the slot keeps from being removed. Absent when it keeps none: never reserved, or lost (see slot_wal_status). [pg_replication_slots.restart_lsn]
        pgwal_slot_retained_bytes{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical"} 0
        pgwal_slot_retained_bytes{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 16518944
        pgwal_slot_retained_bytes{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 16518944
        pgwal_slot_retained_bytes{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical"} 10200
        # TYPE pgwal_slot_confirmed_flush_lag_bytes gauge
        # UNIT pgwal_slot_confirmed_flush_lag_bytes bytes
        # HELP pgwal_slot_confirmed_flush_lag_bytes WAL that the consumer of a logical slot has not confirmed, also while it is not connected. [pg_replication_slots.confirmed_flush_lsn]
        pgwal_slot_confirmed_flush_lag_bytes{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 16516808
        pgwal_slot_confirmed_flush_lag_bytes{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 16516432
        # TYPE pgwal_slot_safe_wal_bytes gauge
        # UNIT pgwal_slot_safe_wal_bytes bytes
        # HELP pgwal_slot_safe_wal_bytes WAL that may still be written before the slot is in danger of being lost. May be negative: it will be lost at the next checkpoint. [pg_replication_slots.safe_wal_size]
        pgwal_slot_safe_wal_bytes{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical"} 83875880
        pgwal_slot_safe_wal_bytes{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 67098664
        pgwal_slot_safe_wal_bytes{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 67098664
        pgwal_slot_safe_wal_bytes{target="orders-dc1-a",site="dc1",slot_name="pg_basebackup",slot_type="physical"} 83875880
        # TYPE pgwal_slot_inactive_since_timestamp_seconds gauge
        # UNIT pgwal_slot_inactive_since_timestamp_seconds seconds
        # HELP pgwal_slot_inactive_since_timestamp_seconds Since when nobody is connected to the slot, Unix time: at least since then, for a restart of the server sets it anew. [pg_replication_slots.inactive_since; before 17 as seen by the exporter]
        pgwal_slot_inactive_since_timestamp_seconds{target="orders-dc1-a",site="dc1",slot_name="gone",slot_type="physical"} 1795453580.606408
        pgwal_slot_inactive_since_timestamp_seconds{target="orders-dc1-a",site="dc1",slot_name="unused",slot_type="physical"} 1795453580.606873
        pgwal_slot_inactive_since_timestamp_seconds{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 1795453613.683403
        pgwal_slot_inactive_since_timestamp_seconds{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 1795453618.853272
        # TYPE pgwal_slot_xmin_age_transactions gauge
        # HELP pgwal_slot_xmin_age_transactions Age of the oldest transaction that the slot holds back from vacuum. [pg_replication_slots.xmin]
        pgwal_slot_xmin_age_transactions{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical"} 0
        # TYPE pgwal_slot_catalog_xmin_age_transactions gauge
        # HELP pgwal_slot_catalog_xmin_age_transactions Age of the oldest transaction that the slot holds back from vacuum of the catalogs. [pg_replication_slots.catalog_xmin]
        pgwal_slot_catalog_xmin_age_transactions{target="orders-dc1-a",site="dc1",slot_name="s1",slot_type="physical"} 19
        pgwal_slot_catalog_xmin_age_transactions{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 17
        pgwal_slot_catalog_xmin_age_transactions{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 17
        # TYPE pgwal_slots_used gauge
        # HELP pgwal_slots_used Replication slots that exist. [pg_replication_slots]
        pgwal_slots_used{target="orders-dc1-a",site="dc1"} 6
        # TYPE pgwal_slots_limit gauge
        # HELP pgwal_slots_limit Replication slots that may exist. [max_replication_slots]
        pgwal_slots_limit{target="orders-dc1-a",site="dc1"} 15
        # TYPE pgwal_slot_spilled_transactions counter
        # HELP pgwal_slot_spilled_transactions Transactions spilled to disk because they exceeded logical_decoding_work_mem. [pg_stat_replication_slots.spill_txns]
        pgwal_slot_spilled_transactions_total{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 0
        pgwal_slot_spilled_transactions_total{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 0
        # TYPE pgwal_slot_spilled_bytes counter
        # UNIT pgwal_slot_spilled_bytes bytes
        # HELP pgwal_slot_spilled_bytes Decoded data spilled to disk. [pg_stat_replication_slots.spill_bytes]
        pgwal_slot_spilled_bytes_total{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 0
        pgwal_slot_spilled_bytes_total{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 0
        # TYPE pgwal_slot_streamed_transactions counter
        # HELP pgwal_slot_streamed_transactions Transactions streamed while still in progress because they exceeded logical_decoding_work_mem. [pg_stat_replication_slots.stream_txns]
        pgwal_slot_streamed_transactions_total{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 0
        pgwal_slot_streamed_transactions_total{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 0
        # TYPE pgwal_slot_streamed_bytes counter
        # UNIT pgwal_slot_streamed_bytes bytes
        # HELP pgwal_slot_streamed_bytes Decoded data streamed while the transaction was still in progress. [pg_stat_replication_slots.stream_bytes]
        pgwal_slot_streamed_bytes_total{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 0
        pgwal_slot_streamed_bytes_total{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 0
        # TYPE pgwal_slot_decoded_transactions counter
        # HELP pgwal_slot_decoded_transactions Transactions sent to the output plugin. [pg_stat_replication_slots.total_txns]
        pgwal_slot_decoded_transactions_total{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 7
        pgwal_slot_decoded_transactions_total{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 9
        # TYPE pgwal_slot_decoded_bytes counter
        # UNIT pgwal_slot_decoded_bytes bytes
        # HELP pgwal_slot_decoded_bytes Decoded data sent to the output plugin. [pg_stat_replication_slots.total_bytes]
        pgwal_slot_decoded_bytes_total{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 134804
        pgwal_slot_decoded_bytes_total{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 135072
        # TYPE pgwal_slot_spill_files_bytes gauge
        # UNIT pgwal_slot_spill_files_bytes bytes
        # HELP pgwal_slot_spill_files_bytes Spill files of the slot on disk now, as of the last listing. [pg_ls_replslotdir()]
        pgwal_slot_spill_files_bytes{target="orders-dc1-a",site="dc1",slot_name="orders_cdc",slot_type="logical"} 0
        pgwal_slot_spill_files_bytes{target="orders-dc1-a",site="dc1",slot_name="sub_app",slot_type="logical"} 0
        # TYPE pgwal_role_expected gauge
        # HELP pgwal_role_expected The role that this target should have: `primary` is what an address that follows the primary (VIP) is expected to lead to. [expect: in the configuration]
        pgwal_role_expected{target="orders-dc1-a",site="dc1",role="any"} 1
        pgwal_role_expected{target="orders-dc1-a",site="dc1",role="primary"} 0
        pgwal_role_expected{target="orders-dc1-a",site="dc1",role="standby"} 0
        # TYPE pgwal_role_mismatch gauge
        # HELP pgwal_role_mismatch 1: the server has another role than the expected one; 0: it has that role, or either will do. [pg_is_in_recovery(); expect: in the configuration]
        pgwal_role_mismatch{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_rewind_blocker gauge
        # HELP pgwal_rewind_blocker 1: pg_rewind would fail for this reason. wal_not_kept: WAL back to the last checkpoint is not kept, which a slot does not do. [wal_log_hints, data_checksums, full_page_writes, wal_keep_size; pg_control_checkpoint().redo_lsn]
        pgwal_rewind_blocker{target="orders-dc1-a",site="dc1",reason="wal_log_hints_and_checksums_off"} 0
        pgwal_rewind_blocker{target="orders-dc1-a",site="dc1",reason="full_page_writes_off"} 0
        # TYPE pgwal_subscription_enabled gauge
        # HELP pgwal_subscription_enabled 1: the subscription is enabled. [pg_subscription.subenabled]
        pgwal_subscription_enabled{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app"} 1
        pgwal_subscription_enabled{target="orders-dc1-a",site="dc1",subscription="off",database="app"} 0
        # TYPE pgwal_subscription_up gauge
        # HELP pgwal_subscription_up 1: its apply worker runs. Enabled and not up: it fails, or cannot reach the publisher. [pg_stat_subscription.pid]
        pgwal_subscription_up{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app"} 0
        pgwal_subscription_up{target="orders-dc1-a",site="dc1",subscription="off",database="app"} 0
        # TYPE pgwal_subscription_errors counter
        # HELP pgwal_subscription_errors Failures while applying changes (apply) or copying tables (sync). [pg_stat_subscription_stats.apply_error_count, sync_error_count]
        pgwal_subscription_errors_total{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",kind="apply"} 3
        pgwal_subscription_errors_total{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",kind="sync"} 0
        # TYPE pgwal_subscription_conflicts counter
        # HELP pgwal_subscription_conflicts Conflicts while applying changes. [pg_stat_subscription_stats.confl_*]
        pgwal_subscription_conflicts_total{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",conflict="insert_exists"} 3
        pgwal_subscription_conflicts_total{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",conflict="update_origin_differs"} 0
        pgwal_subscription_conflicts_total{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",conflict="update_exists"} 0
        pgwal_subscription_conflicts_total{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",conflict="update_missing"} 0
        pgwal_subscription_conflicts_total{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",conflict="delete_origin_differs"} 0
        pgwal_subscription_conflicts_total{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",conflict="delete_missing"} 0
        pgwal_subscription_conflicts_total{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",conflict="multiple_unique_conflicts"} 0
        # TYPE pgwal_subscription_tables gauge
        # HELP pgwal_subscription_tables Tables of the subscription by state of synchronization; only for subscriptions in the database that the exporter connects to. [pg_subscription_rel.srsubstate]
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="off",database="app",state="initialize"} 0
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="off",database="app",state="data_copy"} 0
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="off",database="app",state="finished_copy"} 0
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="off",database="app",state="synchronized"} 0
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="off",database="app",state="ready"} 0
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",state="initialize"} 0
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",state="data_copy"} 0
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",state="finished_copy"} 0
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",state="synchronized"} 0
        pgwal_subscription_tables{target="orders-dc1-a",site="dc1",subscription="sub_app",database="app",state="ready"} 1
        # TYPE pgwal_replication_origins gauge
        # HELP pgwal_replication_origins Replication origins that exist. [pg_replication_origin]
        pgwal_replication_origins{target="orders-dc1-a",site="dc1"} 2
        # TYPE pgwal_replication_origins_limit gauge
        # HELP pgwal_replication_origins_limit Replication origins that may be in use at once. [max_replication_slots; 18+: max_active_replication_origins]
        pgwal_replication_origins_limit{target="orders-dc1-a",site="dc1"} 10
        # TYPE pgwal_setting_max_wal_size_bytes gauge
        # UNIT pgwal_setting_max_wal_size_bytes bytes
        # HELP pgwal_setting_max_wal_size_bytes The setting max_wal_size. [pg_settings]
        pgwal_setting_max_wal_size_bytes{target="orders-dc1-a",site="dc1"} 67108864
        # TYPE pgwal_setting_wal_keep_size_bytes gauge
        # UNIT pgwal_setting_wal_keep_size_bytes bytes
        # HELP pgwal_setting_wal_keep_size_bytes The setting wal_keep_size. [pg_settings]
        pgwal_setting_wal_keep_size_bytes{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_setting_max_slot_wal_keep_size_bytes gauge
        # UNIT pgwal_setting_max_slot_wal_keep_size_bytes bytes
        # HELP pgwal_setting_max_slot_wal_keep_size_bytes The setting max_slot_wal_keep_size. Absent when unlimited. [pg_settings]
        pgwal_setting_max_slot_wal_keep_size_bytes{target="orders-dc1-a",site="dc1"} 67108864
        # TYPE pgwal_setting_wal_segment_size_bytes gauge
        # UNIT pgwal_setting_wal_segment_size_bytes bytes
        # HELP pgwal_setting_wal_segment_size_bytes wal_segment_size. [pg_control_init()]
        pgwal_setting_wal_segment_size_bytes{target="orders-dc1-a",site="dc1"} 16777216
        # TYPE pgwal_setting_wal_level gauge
        # HELP pgwal_setting_wal_level The setting wal_level. [pg_settings]
        pgwal_setting_wal_level{target="orders-dc1-a",site="dc1",level="minimal"} 0
        pgwal_setting_wal_level{target="orders-dc1-a",site="dc1",level="replica"} 0
        pgwal_setting_wal_level{target="orders-dc1-a",site="dc1",level="logical"} 1
        # TYPE pgwal_setting_archive_mode gauge
        # HELP pgwal_setting_archive_mode The setting archive_mode. [pg_settings]
        pgwal_setting_archive_mode{target="orders-dc1-a",site="dc1",mode="off"} 0
        pgwal_setting_archive_mode{target="orders-dc1-a",site="dc1",mode="on"} 1
        pgwal_setting_archive_mode{target="orders-dc1-a",site="dc1",mode="always"} 0
        # TYPE pgwal_setting_wal_log_hints gauge
        # HELP pgwal_setting_wal_log_hints The setting wal_log_hints. [pg_settings]
        pgwal_setting_wal_log_hints{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_setting_data_checksums gauge
        # HELP pgwal_setting_data_checksums The setting data_checksums. [pg_settings]
        pgwal_setting_data_checksums{target="orders-dc1-a",site="dc1"} 1
        # TYPE pgwal_setting_full_page_writes gauge
        # HELP pgwal_setting_full_page_writes The setting full_page_writes. [pg_settings]
        pgwal_setting_full_page_writes{target="orders-dc1-a",site="dc1"} 1
        # TYPE pgwal_setting_hot_standby_feedback gauge
        # HELP pgwal_setting_hot_standby_feedback The setting hot_standby_feedback. [pg_settings]
        pgwal_setting_hot_standby_feedback{target="orders-dc1-a",site="dc1"} 1
        # TYPE pgwal_setting_wal_sender_timeout_seconds gauge
        # UNIT pgwal_setting_wal_sender_timeout_seconds seconds
        # HELP pgwal_setting_wal_sender_timeout_seconds The setting wal_sender_timeout. 0: disabled. [pg_settings]
        pgwal_setting_wal_sender_timeout_seconds{target="orders-dc1-a",site="dc1"} 60
        # TYPE pgwal_setting_wal_receiver_timeout_seconds gauge
        # UNIT pgwal_setting_wal_receiver_timeout_seconds seconds
        # HELP pgwal_setting_wal_receiver_timeout_seconds The setting wal_receiver_timeout. 0: disabled. [pg_settings]
        pgwal_setting_wal_receiver_timeout_seconds{target="orders-dc1-a",site="dc1"} 60
        # TYPE pgwal_setting_recovery_min_apply_delay_seconds gauge
        # UNIT pgwal_setting_recovery_min_apply_delay_seconds seconds
        # HELP pgwal_setting_recovery_min_apply_delay_seconds The setting recovery_min_apply_delay. [pg_settings]
        pgwal_setting_recovery_min_apply_delay_seconds{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_setting_idle_replication_slot_timeout_seconds gauge
        # UNIT pgwal_setting_idle_replication_slot_timeout_seconds seconds
        # HELP pgwal_setting_idle_replication_slot_timeout_seconds The setting idle_replication_slot_timeout. 0: disabled. [pg_settings]
        pgwal_setting_idle_replication_slot_timeout_seconds{target="orders-dc1-a",site="dc1"} 0
        # TYPE pgwal_setting_synchronous_commit gauge
        # HELP pgwal_setting_synchronous_commit The setting synchronous_commit. [pg_settings]
        pgwal_setting_synchronous_commit{target="orders-dc1-a",site="dc1",level="off"} 0
        pgwal_setting_synchronous_commit{target="orders-dc1-a",site="dc1",level="local"} 0
        pgwal_setting_synchronous_commit{target="orders-dc1-a",site="dc1",level="remote_write"} 0
        pgwal_setting_synchronous_commit{target="orders-dc1-a",site="dc1",level="on"} 1
        pgwal_setting_synchronous_commit{target="orders-dc1-a",site="dc1",level="remote_apply"} 0
        # TYPE pgwal_exporter_build info
        # HELP pgwal_exporter_build Versions of the exporter, of Swift and of libpq.
        pgwal_exporter_build_info{version="1.0.0",swift_version="6.3.1",libpq_version="15.18"} 1
        # TYPE process_cpu_seconds counter
        # UNIT process_cpu_seconds seconds
        # HELP process_cpu_seconds User and system CPU time.
        process_cpu_seconds_total 0.5
        # TYPE process_resident_memory_bytes gauge
        # UNIT process_resident_memory_bytes bytes
        # HELP process_resident_memory_bytes Resident memory.
        process_resident_memory_bytes 18874368
        # TYPE process_virtual_memory_bytes gauge
        # UNIT process_virtual_memory_bytes bytes
        # HELP process_virtual_memory_bytes Virtual memory.
        process_virtual_memory_bytes 251658240
        # TYPE process_open_fds gauge
        # HELP process_open_fds Open file descriptors.
        process_open_fds 12
        # TYPE process_max_fds gauge
        # HELP process_max_fds Limit of open file descriptors.
        process_max_fds 1024
        # TYPE process_threads gauge
        # HELP process_threads Threads of the operating system.
        process_threads 4
        # TYPE process_start_time_seconds gauge
        # UNIT process_start_time_seconds seconds
        # HELP process_start_time_seconds Start of the process, Unix time.
        process_start_time_seconds 1795453600
        # EOF

        """#
}
