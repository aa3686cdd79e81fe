@testable import YAMLTree

/// Reads a text as `config.yml` and gives the result with all problems as the user sees them.
func reading<Value>(_ text: String, _ read: (NodeReader) -> Value?) -> (value: Value?, problems: [String]) {
    reading(Array(text.utf8), read)
}

func reading<Value>(_ bytes: [UInt8], _ read: (NodeReader) -> Value?) -> (value: Value?, problems: [String]) {
    let log = ProblemLog(file: "config.yml")
    let value = Composer.compose(bytes, log: log).flatMap { read(NodeReader(root: $0, log: log)) }
    return (value, log.sorted.map(\.description))
}

/// The problems of composing alone.
func problems(in bytes: [UInt8]) -> [String] {
    reading(bytes) { $0 }.problems
}

extension Node {
    /// The tree in one line, with marks: `[1:2"a", 1:5{1:6 b: 1:9"c"}]`.
    var outline: String {
        switch content {
        case .scalar(let scalar): "\(mark)" + (scalar.isPlain ? "<\(scalar.text)>" : "\"\(scalar.text)\"")
        case .sequence(let nodes): "\(mark)[" + nodes.map(\.outline).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "\(mark){" + entries.map { "\($0.keyMark) \($0.key): \($0.value.outline)" }.joined(separator: ", ") + "}"
        case .unusable: "\(mark)!"
        }
    }
}
