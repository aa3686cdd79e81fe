/// Answers of real clusters of Patroni 4.1.5 and 3.0.2 with PostgreSQL 15, shortened by the members' lags: `a` (three members, `a-3`
/// with `replicatefrom: a-2`) and its standby cluster `b` (two members), all on one machine.
enum Recordings {
    /// `/cluster` of `a`.
    static let healthy4 = #"""
        {"members": [
        {"name": "a-1", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:23011/patroni",
        "host": "127.0.0.1", "port": 23021, "timeline": 1},
        {"name": "a-2", "role": "replica", "state": "streaming", "api_url": "http://127.0.0.1:23012/patroni",
        "host": "127.0.0.1", "port": 23022, "timeline": 1, "tags": {"nosync": true}, "lag": 0},
        {"name": "a-3", "role": "replica", "state": "streaming", "api_url": "http://127.0.0.1:23013/patroni",
        "host": "127.0.0.1", "port": 23023, "timeline": 1, "tags": {"replicatefrom": "a-2", "nofailover": true}, "lag": 0}],
        "scope": "a"}
        """#

    /// `/config` of `a`.
    static let settings4 = #"""
        {"ttl": 20, "loop_wait": 1, "retry_timeout": 5,
        "postgresql": {"use_pg_rewind": true, "use_slots": true, "parameters": {"wal_log_hints": "on"}},
        "slots": {"dc2_slot": {"type": "physical"}, "cdc": {"type": "logical", "database": "postgres", "plugin": "test_decoding"}}}
        """#

    /// `/patroni` of the leader of `a`.
    static let status4 = #"""
        {"state": "running", "postmaster_start_time": "2026-11-23 20:05:04.200874+00:00", "role": "primary", "server_version": 150018,
        "xlog": {"location": 100663392}, "timeline": 1,
        "dcs_last_seen": 1795464331, "database_system_identifier": "7711460450318938043",
        "patroni": {"version": "4.1.5", "scope": "a", "name": "a-1"}}
        """#

    /// `/cluster` of `b`.
    static let standbyHealthy4 = #"""
        {"members": [
        {"name": "b-1", "role": "standby_leader", "state": "streaming", "api_url": "http://127.0.0.1:23014/patroni",
        "host": "127.0.0.1", "port": 23024, "timeline": 1},
        {"name": "b-2", "role": "replica", "state": "streaming", "api_url": "http://127.0.0.1:23015/patroni",
        "host": "127.0.0.1", "port": 23025, "timeline": 1, "lag": 0}],
        "scope": "b"}
        """#

    /// `/config` of `b`.
    static let standbySettings4 = #"""
        {"ttl": 20, "loop_wait": 1, "retry_timeout": 5,
        "postgresql": {"use_pg_rewind": true, "use_slots": true, "parameters": {"wal_log_hints": "on"}},
        "standby_cluster": {"host": "127.0.0.1", "port": 23021, "primary_slot_name": "dc2_slot"}}
        """#

    /// `/cluster` of `b` when its slot at `a` is gone.
    static let incident4 = #"""
        {"members": [
        {"name": "b-1", "role": "standby_leader", "state": "running", "api_url": "http://127.0.0.1:23014/patroni",
        "host": "127.0.0.1", "port": 23024, "timeline": 1},
        {"name": "b-2", "role": "replica", "state": "streaming", "api_url": "http://127.0.0.1:23015/patroni",
        "host": "127.0.0.1", "port": 23025, "timeline": 1, "lag": 0}],
        "scope": "b"}
        """#

    /// `/cluster` of `b` when `b-2` is stopped.
    static let stopped4 = #"""
        {"members": [
        {"name": "b-1", "role": "standby_leader", "state": "running", "api_url": "http://127.0.0.1:23014/patroni",
        "host": "127.0.0.1", "port": 23024, "timeline": 1},
        {"name": "b-2", "role": "replica", "state": "stopped", "api_url": "http://127.0.0.1:23015/patroni",
        "host": "127.0.0.1", "port": 23025, "lsn": "unknown", "lag": "unknown"}],
        "scope": "b"}
        """#

    /// `/cluster` of `a` in maintenance mode.
    static let paused4 = #"""
        {"members": [
        {"name": "a-1", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:23011/patroni",
        "host": "127.0.0.1", "port": 23021, "timeline": 1},
        {"name": "a-2", "role": "replica", "state": "streaming", "api_url": "http://127.0.0.1:23012/patroni",
        "host": "127.0.0.1", "port": 23022, "timeline": 1, "tags": {"nosync": true}, "lag": 0},
        {"name": "a-3", "role": "replica", "state": "streaming", "api_url": "http://127.0.0.1:23013/patroni",
        "host": "127.0.0.1", "port": 23023, "timeline": 1, "tags": {"replicatefrom": "a-2", "nofailover": true}, "lag": 0}],
        "pause": true, "scope": "a"}
        """#

    /// `/cluster` of `a` after a switchover to `a-2`.
    static let switched4 = #"""
        {"members": [
        {"name": "a-1", "role": "replica", "state": "streaming", "api_url": "http://127.0.0.1:23011/patroni",
        "host": "127.0.0.1", "port": 23021, "timeline": 2, "lag": 0},
        {"name": "a-2", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:23012/patroni",
        "host": "127.0.0.1", "port": 23022, "timeline": 2, "tags": {"nosync": true}},
        {"name": "a-3", "role": "replica", "state": "streaming", "api_url": "http://127.0.0.1:23013/patroni",
        "host": "127.0.0.1", "port": 23023, "timeline": 2, "tags": {"replicatefrom": "a-2", "nofailover": true}, "lag": 0}],
        "scope": "a"}
        """#

    /// `/history` of `a` after it.
    static let history4 = #"""
        [[1, 100663688, "no recovery target specified", "2026-11-23T20:05:56.220131+00:00", "a-2"]]
        """#

    /// `/cluster` of `a`.
    static let healthy3 = #"""
        {"members": [
        {"name": "a-1", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:24011/patroni",
        "host": "127.0.0.1", "port": 24021, "timeline": 1},
        {"name": "a-2", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:24012/patroni",
        "host": "127.0.0.1", "port": 24022, "timeline": 1, "tags": {"nosync": true}, "lag": 0},
        {"name": "a-3", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:24013/patroni",
        "host": "127.0.0.1", "port": 24023, "timeline": 1, "tags": {"replicatefrom": "a-2", "nofailover": true}, "lag": 0}]}
        """#

    /// `/config` of `a`.
    static let settings3 = #"""
        {"ttl": 20, "loop_wait": 1, "retry_timeout": 5,
        "postgresql": {"use_pg_rewind": true, "use_slots": true, "parameters": {"wal_log_hints": "on"}},
        "slots": {"dc2_slot": {"type": "physical"}, "cdc": {"type": "logical", "database": "postgres", "plugin": "test_decoding"}}}
        """#

    /// `/patroni` of the leader of `a`.
    static let status3 = #"""
        {"state": "running", "postmaster_start_time": "2026-11-23 20:05:05.311750+00:00", "role": "master", "server_version": 150018,
        "xlog": {"location": 83886176}, "timeline": 1,
        "dcs_last_seen": 1795464329, "database_system_identifier": "7711460454806622197",
        "patroni": {"version": "3.0.2", "scope": "a"}}
        """#

    /// `/cluster` of `b`.
    static let standbyHealthy3 = #"""
        {"members": [
        {"name": "b-1", "role": "standby_leader", "state": "running", "api_url": "http://127.0.0.1:24014/patroni",
        "host": "127.0.0.1", "port": 24024, "timeline": 1},
        {"name": "b-2", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:24015/patroni",
        "host": "127.0.0.1", "port": 24025, "timeline": 1, "lag": 0}]}
        """#

    /// `/config` of `b`.
    static let standbySettings3 = #"""
        {"ttl": 20, "loop_wait": 1, "retry_timeout": 5,
        "postgresql": {"use_pg_rewind": true, "use_slots": true, "parameters": {"wal_log_hints": "on"}},
        "standby_cluster": {"host": "127.0.0.1", "port": 24021, "primary_slot_name": "dc2_slot"}}
        """#

    /// `/cluster` of `b` when its slot at `a` is gone.
    static let incident3 = #"""
        {"members": [
        {"name": "b-1", "role": "standby_leader", "state": "running", "api_url": "http://127.0.0.1:24014/patroni",
        "host": "127.0.0.1", "port": 24024, "timeline": 1},
        {"name": "b-2", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:24015/patroni",
        "host": "127.0.0.1", "port": 24025, "timeline": 1, "lag": 0}]}
        """#

    /// `/cluster` of `b` when `b-2` is stopped.
    static let stopped3 = #"""
        {"members": [
        {"name": "b-1", "role": "standby_leader", "state": "running", "api_url": "http://127.0.0.1:24014/patroni",
        "host": "127.0.0.1", "port": 24024, "timeline": 1},
        {"name": "b-2", "role": "replica", "state": "stopped", "api_url": "http://127.0.0.1:24015/patroni",
        "host": "127.0.0.1", "port": 24025, "lag": "unknown"}]}
        """#

    /// `/cluster` of `a` in maintenance mode.
    static let paused3 = #"""
        {"members": [
        {"name": "a-1", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:24011/patroni",
        "host": "127.0.0.1", "port": 24021, "timeline": 1},
        {"name": "a-2", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:24012/patroni",
        "host": "127.0.0.1", "port": 24022, "timeline": 1, "tags": {"nosync": true}, "lag": 0},
        {"name": "a-3", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:24013/patroni",
        "host": "127.0.0.1", "port": 24023, "timeline": 1, "tags": {"replicatefrom": "a-2", "nofailover": true}, "lag": 0}],
        "pause": true}
        """#

    /// `/cluster` of `a` after a switchover to `a-2`.
    static let switched3 = #"""
        {"members": [
        {"name": "a-1", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:24011/patroni",
        "host": "127.0.0.1", "port": 24021, "timeline": 2, "lag": 0},
        {"name": "a-2", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:24012/patroni",
        "host": "127.0.0.1", "port": 24022, "timeline": 2, "tags": {"nosync": true}},
        {"name": "a-3", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:24013/patroni",
        "host": "127.0.0.1", "port": 24023, "timeline": 2, "tags": {"replicatefrom": "a-2", "nofailover": true}, "lag": 0}]}
        """#

    /// `/history` of `a` after it.
    static let history3 = #"""
        [[1, 83886472, "no recovery target specified", "2026-11-23T20:05:53.976131+00:00", "a-2"]]
        """#
}
