package import Judgement

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What `/api/v1/events` and `events --output json` answer. Version 1 of a schema that docs/api.md describes. What is not known is left out.
package struct EventsDocument: Codable, Sendable {
    var version = 1
    /// From old to new.
    package var events: [Item]

    package struct Item: Codable, Sendable {
        package var time: Double
        package var kind: String
        package var target: String?
        var subject: String?
        var before: String?
        var after: String?
        package var text: String

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

    package init(_ events: [Event]) {
        self.events = events.map(Item.init)
    }

    package var bytes: [UInt8] {
        // Strings, finite numbers and lists of them can always be encoded.
        (try? JSONEncoder.forResponses.encode(self)).map { [UInt8]($0) } ?? []
    }

    /// nil where the answer is none of this version.
    package static func read(_ bytes: [UInt8]) -> EventsDocument? {
        guard let document = try? JSONDecoder().decode(Self.self, from: Data(bytes)), document.version == 1 else { return nil }
        return document
    }
}
