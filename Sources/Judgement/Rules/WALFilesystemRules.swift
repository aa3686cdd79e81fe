import ReplicationModel

/// What cannot be watched.
enum WALFilesystemRules {
    /// The alerts on a filesystem that fills up are dead where its size is not known: that has to be said.
    static func unread(_ view: FleetView) -> [Finding] {
        view.servers.compactMap { server in
            // What one target of the server can read is known.
            let snapshots = server.reports.compactMap(\.snapshot)
            guard let problem = server.snapshot.walFilesystemProblem, snapshots.allSatisfy({ $0.walFilesystem == nil }) else { return nil }
            var evidence: [Finding.Evidence] = []
            if let path = problem.path { evidence.append(.init(problem.isConfigured ? "wal_directory" : "data_directory", path)) }
            evidence.append(.init("why it cannot be read", words(problem.reason)))
            return Finding(
                .walFilesystemUnread,
                target: server.target,
                summary: "How full the filesystem of pg_wal at \(server.target) is cannot be read here: nobody will be told before it is full.",
                evidence: evidence,
                cures: cures(problem)
            )
        }
    }

    private static func words(_ reason: WALFilesystemProblem.Reason) -> String {
        switch reason {
        case .permission: "the exporter's user may not look there"
        case .missing: "there is no such directory"
        case .hidden: "the server tells data_directory only to roles with pg_read_all_settings"
        case .timeout: "no answer within a second"
        case .error: "the operating system refuses"
        }
    }

    private static func cures(_ problem: WALFilesystemProblem) -> [Finding.Cure] {
        switch problem.reason {
        case .missing: [.init(.advice, "Correct wal_directory in the exporter's configuration.")]
        case .timeout, .error: [.init(.advice, "Look at that directory as the exporter's user: stat -f.")]
        case .permission, .hidden:
            [
                // No setting of the server's: where it stands is the exporter's own configuration.
                .init(
                    .advice,
                    "Name a directory of the same filesystem that the exporter's user may reach, such as its mount point, as wal_directory of this target in "
                        + "the exporter's configuration."
                ),
                .init(.advice, "If the filesystem is watched by other means, silence this."),
            ]
        }
    }
}
