package import Judgement
package import WALClock

/// What is to outlive the process. Times are the wall clock's.
package struct Remembered: Sendable {
    /// When it was put together, Unix time. Of what came after it, nothing is known.
    package var at: Double
    /// The exporter had stopped to answer: no page has counted further than this.
    package var isComplete: Bool
    package var fleet: FleetMemory.Kept
    package var targets: [RememberedTarget]
    package var events: [Event]
    /// Events of each kind, by its raw value.
    package var eventCounts: [String: Int]

    package init(
        at: Double,
        isComplete: Bool = false,
        fleet: FleetMemory.Kept = FleetMemory.Kept(),
        targets: [RememberedTarget] = [],
        events: [Event] = [],
        eventCounts: [String: Int] = [:]
    ) {
        self.at = at
        self.isComplete = isComplete
        self.fleet = fleet
        self.targets = targets
        self.events = events
        self.eventCounts = eventCounts
    }
}

/// What is remembered of one target.
package struct RememberedTarget: Sendable, Hashable, Codable {
    package var name: String
    /// When the target was watched last, Unix time.
    package var at: Double
    /// Whose history it is stands in it.
    package var history: ServerHistory.Kept?
    /// What the next look is compared with.
    package var observed: ObservedTarget?

    package init(name: String, at: Double, history: ServerHistory.Kept?, observed: ObservedTarget?) {
        self.name = name
        self.at = at
        self.history = history
        self.observed = observed
    }
}
