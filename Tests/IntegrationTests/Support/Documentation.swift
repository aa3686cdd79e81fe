import Foundation
import PostgresTestSupport

/// What the documentation shows, so that a test can run just that.
enum Documentation {
    /// The first code block of a page in `docs` that is in this language and holds this text.
    static func block(of page: String, _ language: String, containing text: String) throws -> String {
        let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let content = try String(contentsOfFile: "\(root)/docs/\(page)", encoding: .utf8)
        let parts = content.split(separator: "\n```", omittingEmptySubsequences: false).enumerated()
        let blocks = parts.filter { !$0.offset.isMultiple(of: 2) && $0.element.hasPrefix(language + "\n") }.map(\.element)
        guard let block = blocks.first(where: { $0.contains(text) }) else { throw SupportFailure("docs/\(page): no \(language) with \(text)") }
        return block.dropFirst(language.count + 1) + "\n"
    }
}

extension String {
    /// With each key replaced by its value. A key that does not occur is an error: the example has changed.
    func substituting(_ replacements: KeyValuePairs<String, String>) throws -> String {
        var text = self
        for (old, new) in replacements {
            guard text.contains(old) else { throw SupportFailure("\(old) is not in\n\(text)") }
            text = text.replacing(old, with: new)
        }
        return text
    }
}
