/// What changed between two texts, line by line: `-` what was, `+` what is, with the number of the line in its text.
struct LineDifference: CustomStringConvertible {
    /// More is no help.
    private static let limit = 60

    private let lines: [String]

    init(from old: String, to new: String) {
        let split = { (text: String) in text.split(separator: "\n", omittingEmptySubsequences: false) }
        let difference = split(new).difference(from: split(old))
        let changes = difference.map { change in
            switch change {
            case .remove(let offset, let line, _): (offset, 0, "  - \(offset + 1): \(line)")
            case .insert(let offset, let line, _): (offset, 1, "  + \(offset + 1): \(line)")
            }
        }
        lines = changes.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    var description: String {
        let shown = lines.prefix(Self.limit).joined(separator: "\n")
        return lines.count > Self.limit ? shown + "\n  … and \(lines.count - Self.limit) lines more" : shown
    }
}
