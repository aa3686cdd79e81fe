import Foundation

/// The texts that people read: README, docs and the alerts' own.
struct Documents {
    var path: String
    var text: String

    /// Whether a place is within code: between backquotes or in a fenced block.
    func isCode(_ range: Range<String.Index>) -> Bool {
        let before = text[..<range.lowerBound]
        let fences = before.components(separatedBy: "```").count - 1
        if fences % 2 == 1 { return true }
        return text[range].hasPrefix("`")
    }

    static func all() throws -> [Documents] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var documents: [Documents] = []
        for place in ["README.md", "docs", "alerts", "packaging"] {
            let url = root.appendingPathComponent(place)
            let files = FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil).map { $0.compactMap { $0 as? URL } } ?? []
            for file in files.isEmpty ? [url] : files where ["md", "yml", "Debian"].contains(file.pathExtension) {
                documents.append(Documents(path: file.path, text: try String(contentsOf: file, encoding: .utf8)))
            }
        }
        return documents
    }
}
