import ReplicationModel

/// A time in which more than one server of a system accepted writes, and whose outcome is not settled.
///
/// It has to be remembered: once a side follows the other again without having been rewound or rebuilt, and the other's WAL is further
/// than its own, no position shows that their data differ.
package struct SplitBrain: Sendable, Hashable, Codable {
    package var systemIdentifier: String
    /// When it was seen first, Unix time by the exporter's clock.
    package var since: Double
    /// When two primaries were seen last, Unix time by the exporter's clock.
    package var lastSeen: Double
    /// The servers that were primaries, without those of which a rewind or base backup is proven.
    package var sides: [Side]

    /// A file that says where a timeline began.
    package struct HistoryFile: Sendable, Hashable, Codable {
        package var timeline: Int64
        /// Unix time by the server's clock.
        package var modified: Double
    }

    /// A data directory that was a primary's. It stays the same one when its server restarts.
    package struct Side: Sendable, Hashable, Codable {
        package var target: String
        package var instance: ServerInstance
        /// The timeline that it wrote last.
        package var timeline: Int64
        /// When it was a primary last, Unix time by its own server's clock.
        package var lastPrimary: Double
        /// It was seen as a standby after it had been a primary, while another side had not: if one has to give way, it is this one.
        package var isSuspect: Bool
        /// Its newest history file when it was seen as a standby and that file proved nothing.
        package var unproven: HistoryFile?
    }
}
