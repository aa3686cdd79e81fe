import Foundation

extension PostgresServer {
    /// A new primary that runs. Its role `replicator` may replicate; with an archive it copies segments to
    /// `archiveDirectory`.
    package static func primary(
        version: Int,
        name: String = "primary",
        archive: Bool = false,
        encoding: String = "UTF8",
        settings: [String: String] = [:],
        environment: [String: String] = [:]
    ) async throws -> PostgresServer {
        let installation = try PostgresInstallation.require(version)
        let server = try PostgresServer(installation, name: name, settings: settings, environment: environment)
        return try await server.brought {
            if archive {
                try TemporaryRoot.makePrivateDirectory(server.archiveDirectory)
                let copy = "test ! -f \(server.archiveDirectory)/%f && cp %p \(server.archiveDirectory)/%f"
                try server.configureBeforeStart(["archive_mode": "on", "archive_command": copy])
            }
            try await server.initialise(encoding: encoding)
            try await server.start()
            try await server.execute("CREATE ROLE \(replicationUser) LOGIN REPLICATION PASSWORD '\(replicationPassword)'")
        }
    }

    /// A new streaming standby of a primary or, in a cascade, of a standby; it runs and streams. With a slot, through
    /// that physical slot, which is created at the upstream when it is not there. `throughPort` is where it looks for the
    /// upstream, if not at its own port (a `TCPRelay`'s).
    package static func standby(
        of upstream: PostgresServer,
        name: String = "standby",
        slot: String? = nil,
        applicationName: String? = nil,
        throughPort: Int? = nil,
        settings: [String: String] = [:],
        environment: [String: String] = [:]
    ) async throws -> PostgresServer {
        if let slot, try await upstream.psql("SELECT 1 FROM pg_replication_slots WHERE slot_name = '\(slot)'").isEmpty {
            try await upstream.createPhysicalSlot(slot)
        }
        let source = "host=127.0.0.1 port=\(throughPort ?? upstream.port) user=\(replicationUser) password=\(replicationPassword)"
        var following = ["primary_conninfo": "\(source) application_name=\(applicationName ?? name)"]
        following["primary_slot_name"] = slot
        let server = try PostgresServer(
            upstream.installation,
            name: name,
            settings: following.merging(settings) { $1 },
            environment: environment
        )
        return try await server.brought {
            try await server.copy(upstream)
            try await server.start()
            if settings["hot_standby"] != "off" { try await server.waitUntilStreaming() }
        }
    }

    /// Makes a server that is stopped a standby, of another one or of nobody. It is as it was otherwise.
    package func follow(_ upstream: PostgresServer?, slot: String? = nil) throws {
        let source = upstream.map {
            "host=127.0.0.1 port=\($0.port) user=\(Self.replicationUser) password=\(Self.replicationPassword) application_name=\(name)"
        }
        try configure(["primary_conninfo": source, "primary_slot_name": slot])
        try write("", to: "standby.signal")
    }

    /// Gives a server that is stopped the data of another one, by a base backup.
    package func copyAnew(_ upstream: PostgresServer) async throws {
        try FileManager.default.removeItem(atPath: dataDirectory)
        try await copy(upstream)
        try writeConfiguration()
    }

    /// A clone: made by a base backup, and started as a primary. It has the system identifier of the other one, and a life of its own.
    package static func clone(of other: PostgresServer, name: String = "clone") async throws -> PostgresServer {
        let server = try PostgresServer(other.installation, name: name, settings: [:], environment: [:])
        return try await server.brought {
            try await server.copy(other, asStandby: false)
            try await server.start()
        }
    }

    /// A new standby that is fed from the archive of its upstream alone, which was made with `archive: true`.
    package static func archiveStandby(
        of upstream: PostgresServer,
        name: String = "archive-standby",
        settings: [String: String] = [:]
    ) async throws -> PostgresServer {
        let restore = ["restore_command": "cp \(upstream.archiveDirectory)/%f %p"]
        let server = try PostgresServer(upstream.installation, name: name, settings: restore.merging(settings) { $1 }, environment: [:])
        return try await server.brought {
            try await server.copy(upstream)
            // The standby becomes consistent at the end of the backup, so that segment must be in the archive.
            try await upstream.execute("SELECT pg_switch_wal()")
            try await server.start()
        }
    }

    /// A new primary that subscribes to table `replicated (id bigint, note text)` of the publisher, over publication
    /// `publication` and a subscription (and slot) of the given name; it runs and follows.
    package static func subscriber(
        of publisher: PostgresServer,
        name: String = "subscriber",
        subscription: String = "subscription",
        version: Int? = nil,
        settings: [String: String] = [:]
    ) async throws -> PostgresServer {
        let table = "CREATE TABLE IF NOT EXISTS replicated (id bigint PRIMARY KEY, note text);"
        try await publisher.execute("\(table) GRANT SELECT ON replicated TO \(replicationUser);")
        if try await publisher.psql("SELECT 1 FROM pg_publication WHERE pubname = 'publication'").isEmpty {
            try await publisher.execute("CREATE PUBLICATION publication FOR TABLE replicated")
        }
        let source = publisher.conninfo(user: replicationUser, password: replicationPassword, over: .tcp)
        let server = try await primary(version: version ?? publisher.version, name: name, settings: settings)
        return try await server.brought(isNew: false) {
            try await server.execute("\(table)\nCREATE SUBSCRIPTION \(subscription) CONNECTION '\(source)' PUBLICATION publication;")
            try await server.waitUntilSubscribed()
        }
    }
}
