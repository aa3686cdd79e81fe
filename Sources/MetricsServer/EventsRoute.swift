import HTTPTypes
import Hummingbird
import Judgement
import Monitoring

/// `/api/v1/events`: what changed, from old to new, out of what is remembered. Nobody is asked for it.
struct EventsRoute: Sendable {
    let fleet: Fleet

    func response(to request: Request) async throws -> Response {
        try request.takesOnly(["since", "target", "kind", "limit"])
        let since = try value("since", request, "a Unix time in seconds") { Double($0).flatMap { $0.isFinite ? $0 : nil } }
        let limit = try value("limit", request, "a whole number from 1 to \(EventJournal.most)") { text in
            Int(text).flatMap { (1...EventJournal.most).contains($0) ? $0 : nil }
        }
        let target = request.parameters("target").first
        let kind = try value("kind", request, "one of " + Event.Kind.allCases.map(\.rawValue).joined(separator: ", ")) { Event.Kind(rawValue: $0) }
        let question = EventQuestion(since: since, target: target, kind: kind, limit: limit ?? EventQuestion.usualLimit)
        // Some megabytes of them: not on the thread that serves.
        return try await fleet.onItsThread { try .json(EventsDocument(fleet.events(question.limit, where: question.isMeant))) }
    }

    private func value<Value>(_ name: String, _ request: Request, _ expected: String, _ read: (String) -> Value?) throws -> Value? {
        guard let text = request.parameters(name).first else { return nil }
        guard let value = read(text) else { throw HTTPError(.badRequest, message: "\(name) must be \(expected).") }
        return value
    }
}
