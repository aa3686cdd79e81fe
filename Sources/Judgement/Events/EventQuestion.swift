/// Which events are meant.
package struct EventQuestion: Sendable, Hashable {
    /// Unix time; nil: however old.
    package var since: Double?
    package var target: String?
    package var kind: Event.Kind?
    /// The latest of them, at most so many.
    package var limit: Int

    /// Where none is given.
    package static let usualLimit = 1000

    package init(since: Double? = nil, target: String? = nil, kind: Event.Kind? = nil, limit: Int = Self.usualLimit) {
        self.since = since
        self.target = target
        self.kind = kind
        self.limit = limit
    }

    package func isMeant(_ event: Event) -> Bool {
        (since.map { event.time >= $0 } ?? true) && (target == nil || event.target == target) && (kind == nil || event.kind == kind)
    }
}
