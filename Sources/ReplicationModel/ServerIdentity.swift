/// What does not change while a postmaster lives: read once per connection.
package struct ServerIdentity: Sendable, Hashable {
    /// `server_version_num`, for example 150018.
    package var versionNumber: Int
    /// `server_version` without the packager's addition: `15.18`, `19rc1`.
    package var version: String
    /// `pg_control_system().system_identifier`, equal on all members of a physical cluster. Text: it is no quantity. Empty where the server
    /// does not show it: then nobody knows what belongs together.
    package var systemIdentifier: String
    /// `cluster_name`; empty when not set.
    package var clusterName: String
    /// `inet_server_addr()`; nil over a Unix socket.
    package var address: String?
    /// `inet_server_port()`; nil over a Unix socket.
    package var port: Int?
    /// `pg_postmaster_start_time()`, Unix time in seconds; nil where the server does not show it.
    package var postmasterStart: Double?
    /// `wal_segment_size` in bytes.
    package var walSegmentBytes: Int64
    /// The target by which the server was said to be detached: a clone or copy with a life of its own, whatever system identifier it has.
    package var detachedAs: String?

    /// What members of a physical cluster have in common and no others: the system identifier, or, where that is not shown, something of this
    /// server's own.
    package var systemKey: String {
        guard systemIdentifier.isEmpty else { return familyName }
        let own = postmasterStart.map { "\($0)" } ?? "\(address ?? "") \(port ?? 0)"
        return "unknown, of the server \(clusterName) \(own)"
    }

    /// The system identifier, and of a detached server another one than that of the server that it was copied from. Empty where it is not shown.
    package var familyName: String {
        guard let detachedAs, !systemIdentifier.isEmpty else { return systemIdentifier }
        return "\(systemIdentifier)@\(detachedAs)"
    }

    /// 13, 14, …
    package var majorVersion: Int { versionNumber / 10000 }

    package init(
        versionNumber: Int,
        version: String,
        systemIdentifier: String,
        clusterName: String,
        address: String?,
        port: Int? = nil,
        postmasterStart: Double?,
        walSegmentBytes: Int64
    ) {
        self.versionNumber = versionNumber
        self.version = version
        self.systemIdentifier = systemIdentifier
        self.clusterName = clusterName
        self.address = address
        self.port = port
        self.postmasterStart = postmasterStart
        self.walSegmentBytes = walSegmentBytes
    }
}
