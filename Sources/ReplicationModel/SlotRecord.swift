/// What is remembered of a slot by its name: whether it was ever lost, and whether it is still the same one.
///
/// Patroni (4.1.4 and later) drops a lost slot and makes a new one of the same name within seconds. The new one is well, and its consumer goes on
/// from another place: what the former slot had not handed over is in neither.
package struct SlotRecord: Sendable, Hashable, Codable {
    package var name: String
    package var type: Slot.SlotType
    /// When it was first seen lost, the last time that it was: Unix time by the exporter's clock. It stays when the slot is made anew.
    package var lostAt: Double?
    /// How many times a slot of this name was found to be another one than before: a valid one after a lost one, or one of another type, plugin or
    /// database, or one that has reserved nothing where the former had.
    package var recreations = 0
    /// When that was last; nil: never.
    package var latest: Recreation?
    /// Since when the exporter has seen a slot of this name without a break, Unix time.
    package var seenSince: Double

    /// Since when there has been no slot of this name, as far as the exporter has seen, Unix time; nil: there is one.
    package var goneSince: Double?

    /// How a slot gave way to another one of its name.
    package struct Recreation: Sendable, Hashable, Codable {
        /// When the new one was first seen, Unix time.
        package var at: Double
        /// The former one was seen lost.
        package var wasLost: Bool
        /// How far the consumer of the former had confirmed (logical), else from where on it kept WAL; nil when that was never seen.
        package var formerPosition: LSN?
        /// Where the new one begins.
        package var newPosition: LSN?

        package init(at: Double, wasLost: Bool, formerPosition: LSN?, newPosition: LSN?) {
            self.at = at
            self.wasLost = wasLost
            self.formerPosition = formerPosition
            self.newPosition = newPosition
        }
    }

    package init(name: String, type: Slot.SlotType, seenSince: Double) {
        self.name = name
        self.type = type
        self.seenSince = seenSince
    }
}
