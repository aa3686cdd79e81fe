package import Terminal

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What `/api/v1/check` and `check --output json` answer. Version 1 of a schema that docs/api.md describes. What is not known is left out.
package struct CheckDocument: Codable, Sendable {
    var version = 1
    var check: String
    /// As the command's status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
    package var status: Int32
    var word: String
    /// What the command prints.
    package var text: String
    var parts: [Part]
    var performance: [Performance]

    struct Part: Codable, Sendable {
        var word: String
        var text: String
    }

    struct Performance: Codable, Sendable {
        var label: String
        var value: Double
        /// `s`, `B`, `%` or nothing.
        var unit: String
        var warning: String?
        var critical: String?
    }

    init(_ result: CheckResult) {
        check = result.name
        status = result.status.rawValue
        word = result.status.word
        text = result.text
        parts = result.parts.map { Part(word: $0.status.word, text: $0.text) }
        performance = result.performance.filter { $0.value.isFinite }.map {
            Performance(label: $0.label, value: $0.value, unit: $0.unit.symbol, warning: $0.warning?.text, critical: $0.critical?.text)
        }
    }

    package static func bytes(of result: CheckResult) -> [UInt8] {
        // Strings, finite numbers and lists of them can always be encoded.
        (try? JSONEncoder.forResponses.encode(CheckDocument(result))).map { [UInt8]($0) } ?? []
    }

    /// nil where the answer is none of this version, or its status none of a check.
    package static func read(_ bytes: [UInt8]) -> CheckDocument? {
        guard let document = try? JSONDecoder().decode(Self.self, from: Data(bytes)), document.version == 1, (0...3).contains(document.status)
        else { return nil }
        return document
    }
}
