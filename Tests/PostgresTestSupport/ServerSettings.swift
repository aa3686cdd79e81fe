/// The configuration file of a server: what suits tests, and what the test asks for.
struct ServerSettings: Sendable {
    /// The test's own, which win.
    var chosen: [String: String]

    /// Fast and small, with everything switched on that replication needs, and room for many slots and sessions.
    private static let suitable = [
        "autovacuum_naptime": "10min",
        "checkpoint_completion_target": "0",
        "checkpoint_timeout": "1h",
        "fsync": "off",
        "hot_standby": "on",
        "listen_addresses": "127.0.0.1",
        "log_line_prefix": "%m [%p] %q%a ",
        "logging_collector": "off",
        "max_connections": "100",
        "max_logical_replication_workers": "8",
        "max_replication_slots": "20",
        "max_wal_senders": "20",
        "max_worker_processes": "24",
        "password_encryption": "scram-sha-256",
        "shared_buffers": "16MB",
        "wal_level": "logical",
        "wal_retrieve_retry_interval": "200ms",
    ]

    func text(name: String, port: Int, socketDirectory: String) -> String {
        let place = ["cluster_name": name, "port": "\(port)", "unix_socket_directories": socketDirectory]
        return Self.suitable.merging(place) { $1 }.merging(chosen) { $1 }
            .sorted { $0.key < $1.key }
            .map { "\($0.key) = '\($0.value.replacing("'", with: "''"))'\n" }
            .joined()
    }

    /// Local sessions by trust; over TCP with a password, so that what a real client does is tested.
    static let access = """
        local all         all              trust
        local replication all              trust
        host  all         all 127.0.0.0/8  scram-sha-256
        host  replication all 127.0.0.0/8  scram-sha-256

        """
}
