#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What `/api/v1/status` and `/api/v1/doctor` answer: a screen of text for a terminal. Version 1 of a schema that docs/api.md describes.
package struct ScreenDocument: Codable, Sendable {
    var version = 1
    /// As the command's status.
    package var status: Int32
    package var text: String

    init(status: Int32, lines: [String]) {
        self.status = status
        text = lines.joined(separator: "\n") + "\n"
    }

    /// nil where the answer is none of this version.
    package static func read(_ bytes: [UInt8]) -> ScreenDocument? {
        guard let document = try? JSONDecoder().decode(Self.self, from: Data(bytes)), document.version == 1 else { return nil }
        return document
    }
}
