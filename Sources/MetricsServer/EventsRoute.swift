import HTTPTypes
import Hummingbird
import Judgement
import Monitoring

/// `/api/v1/events`: what changed, from old to new, out of what is remembered. Nobody is asked for it.
struct EventsRoute: Sendable {
    let fleet: Fleet

    /// Version 1 of a schema that docs/api.md describes. What is not known is left out.
    struct Document: Encodable, Sendable {
        var version = 1
        var events: [Item]

        struct Item: Encodable, Sendable {
            var time: Double
            var kind: String
            var target: String?
            var subject: String?
            var before: String?
            var after: String?
            var text: String

            init(_ event: Event) {
                time = event.time
                kind = event.kind.rawValue
                target = event.target
                subject = event.subject
                before = event.before
                after = event.after
                text = event.text
            }
        }
    }

    private static let usualLimit = 1000

    func response(to request: Request) throws -> Response {
        try request.takesOnly(["since", "target", "kind", "limit"])
        let since = try value("since", request, "a Unix time in seconds", Double.init)
        let limit = try value("limit", request, "a whole number from 1 to \(EventJournal.most)") { text in
            Int(text).flatMap { (1...EventJournal.most).contains($0) ? $0 : nil }
        }
        let target = request.parameters("target").first
        let kind = try value("kind", request, "one of " + Event.Kind.allCases.map(\.rawValue).joined(separator: ", ")) { Event.Kind(rawValue: $0) }
        let events = fleet.events(limit ?? Self.usualLimit) { event in
            (since.map { event.time >= $0 } ?? true) && (target == nil || event.target == target) && (kind == nil || event.kind == kind)
        }
        return try .json(Document(events: events.map(Document.Item.init)))
    }

    private func value<Value>(_ name: String, _ request: Request, _ expected: String, _ read: (String) -> Value?) throws -> Value? {
        guard let text = request.parameters(name).first else { return nil }
        guard let value = read(text) else { throw HTTPError(.badRequest, message: "\(name) must be \(expected).") }
        return value
    }
}
