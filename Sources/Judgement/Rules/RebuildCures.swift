import ReplicationModel

/// Connection strings for commands: host and port, nothing else of them is known.
enum ConnectionText {
    /// `host=… port=…`, quoted as libpq wants it.
    static func words(_ upstream: Receiver.Upstream) -> String {
        var words: [String] = []
        if let host = upstream.host { words.append("host=\(value(host))") }
        if let port = upstream.port { words.append("port=\(value(port))") }
        return words.joined(separator: " ")
    }

    /// `host=… port=…`
    static func words(_ address: ServerAddress) -> String {
        "host=\(value(address.host)) port=\(address.port)"
    }

    private static func value(_ text: String) -> String {
        let isHarmless = !text.isEmpty && text.unicodeScalars.allSatisfy { $0 != " " && $0 != "'" && $0 != "\\" && $0.value > 32 }
        if isHarmless { return text }
        var result = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "'"
    }
}

/// The steps that bring a server back as a standby.
enum RebuildCures {
    /// A base backup, by Patroni where it manages the server.
    static func baseBackup(of server: FleetServer?, from source: FleetServer?) -> [Finding.Cure] {
        baseBackup(Rebuilt(server), from: source)
    }

    /// What has to be known of the server to name it in a command.
    struct Rebuilt {
        var membership: TargetReport.Membership?
        var scope: String?
        var dataDirectory: String?
        /// Patroni reinitializes no leader, nor anything in a cluster that has none.
        var leads: Bool

        init(_ server: FleetServer?) {
            self.init(report: server?.report, snapshot: server?.snapshot, leads: server?.member?.isLeader ?? false)
        }

        init(report: TargetReport?, snapshot: ServerSnapshot?, leads: Bool) {
            self.leads = leads
            membership = report?.membership
            let name = snapshot?.identity.clusterName ?? ""
            scope = name.isEmpty ? membership?.cluster : name
            dataDirectory = snapshot?.settings?.dataDirectory
        }

        var directory: String { dataDirectory.map(SQLText.shell) ?? "\"$PGDATA\"" }
    }

    static func baseBackup(_ server: Rebuilt, from source: FleetServer?) -> [Finding.Cure] {
        if let scope = server.scope, server.leads {
            return [
                .init(
                    .advice,
                    "Patroni reinitializes no leader, and the members of \(scope) have its data: stop Patroni on all of them, empty their data "
                        + "directories, remove the keys initialize and status of \(scope) from the DCS, and start Patroni again. "
                        + "It makes base backups of what standby_cluster names."
                )
            ]
        }
        if let membership = server.membership, let scope = server.scope {
            return [.init(.command, "patronictl reinit \(SQLText.shell(scope)) \(SQLText.shell(membership.member))")]
        }
        return [
            .init(.advice, "Stop the server and empty its data directory and tablespaces, then, with a role that may replicate:"),
            .init(
                .command,
                "pg_basebackup --pgdata=\(server.directory) --dbname=\(SQLText.shell(connection(source))) --checkpoint=fast --wal-method=stream "
                    + "--write-recovery-conf --progress"
            ),
        ]
    }

    static func rewind(_ server: Rebuilt, from source: FleetServer?) -> [Finding.Cure] {
        [
            .init(
                .command,
                "pg_rewind --target-pgdata=\(server.directory) --source-server=\(SQLText.shell(connection(source) + " dbname=postgres")) "
                    + "--write-recovery-conf --progress"
            )
        ]
    }

    /// Host and port of a server, an address that the configuration has before one that the server says itself.
    static func connection(_ server: FleetServer?) -> String {
        guard let server else { return "host=<upstream>" }
        let configured = server.member?.address ?? server.report.addresses.first
        return configured.map(ConnectionText.words) ?? server.addresses.min().map(ConnectionText.words) ?? "host=<\(server.target)>"
    }
}
