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
    ///
    /// - Parameter name: how it is called where it is no target.
    static func baseBackup(of server: FleetServer?, named name: String? = nil, from source: FleetServer?) -> [Finding.Cure] {
        var rebuilt = Rebuilt(server)
        rebuilt.target = rebuilt.target ?? name
        if let slot = server?.snapshot.receiver?.upstream?.slotName,
            source?.snapshot.slots?.contains(where: { $0.name == slot && !$0.isInvalidated && !$0.isActive }) == true
        {
            rebuilt.slot = slot
        }
        return baseBackup(rebuilt, from: source)
    }

    /// What has to be known of the server to name it in a command.
    struct Rebuilt {
        var target: String?
        var membership: TargetReport.Membership?
        /// By which slot of the source the WAL is kept that is written meanwhile.
        var slot: String?
        var scope: String?
        var dataDirectory: String?
        /// Patroni reinitializes no leader, nor anything in a cluster that has none.
        var leads: Bool

        init(_ server: FleetServer?) {
            self.init(report: server?.report, snapshot: server?.snapshot, leads: server?.member?.isLeader ?? false)
        }

        init(report: TargetReport?, snapshot: ServerSnapshot?, leads: Bool) {
            self.leads = leads
            target = report?.name
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
                members(scope, server),
                .init(
                    .advice,
                    "Patroni reinitializes no leader, and the members of \(scope) have its data: stop Patroni on all of them, empty their data "
                        + "directories, remove the keys initialize and status of \(scope) from the DCS, and start Patroni again. "
                        + "It makes base backups of what standby_cluster names.",
                    .destructive
                ),
            ]
        }
        if let membership = server.membership, let scope = server.scope {
            return [
                members(scope, server),
                .init(.command, "patronictl reinit \(SQLText.shell(scope)) \(SQLText.shell(membership.member))", at: server.target, .destructive),
            ]
        }
        let slot = server.slot.map { " --slot=\(SQLText.shell($0))" } ?? ""
        return [
            .init(.command, "pg_controldata --pgdata=\(server.directory)", at: server.target, .check),
            .init(
                .advice,
                "If that is the server that is meant: stop it, move its data directory and tablespaces out of the way, then, with a role that may "
                    + "replicate:",
                .destructive
            ),
            .init(
                .command,
                "pg_basebackup --pgdata=\(server.directory) --dbname=\(SQLText.shell(connection(source))) --checkpoint=fast --wal-method=stream\(slot) "
                    + "--write-recovery-conf --progress",
                at: server.target,
                .destructive
            ),
        ]
    }

    private static func members(_ scope: String, _ server: Rebuilt) -> Finding.Cure {
        .init(.command, "patronictl list \(SQLText.shell(scope))", at: server.target, .check)
    }

    static func rewind(_ server: Rebuilt, from source: FleetServer?) -> [Finding.Cure] {
        let words = "--target-pgdata=\(server.directory) --source-server=\(SQLText.shell(connection(source) + " dbname=postgres"))"
        return [
            .init(.command, "pg_rewind \(words) --dry-run", at: server.target, .check),
            .init(.command, "pg_rewind \(words) --write-recovery-conf --progress", at: server.target, .destructive),
        ]
    }

    /// Host and port of a server, an address that the configuration has before one that the server says itself.
    static func connection(_ server: FleetServer?) -> String {
        guard let server else { return "host=<upstream>" }
        let configured = server.member?.address ?? server.report.addresses.first
        return configured.map(ConnectionText.words) ?? server.addresses.min().map(ConnectionText.words) ?? "host=<\(server.target)>"
    }
}
