/// A node with the way to it: reads it as one type or another, and notes in the shared log what is wrong.
///
/// Each reading function gives nil after it has noted a problem, so that reading goes on with the next value and the user sees
/// every mistake at once:
///
///     guard let target = reader.mapping(of: ["name", "port"]) else { return nil }
///     let name = target.required("name")?.text()
///     let port = target.optional("port")?.integer(in: 1...65535) ?? 5432
package struct NodeReader {
    /// The node to read.
    package let node: Node
    /// The keys that lead to it, such as `targets[0].port`; empty for the root.
    package let path: String
    let log: ProblemLog

    /// Starts at the root of a document.
    package init(root: Node, log: ProblemLog) {
        self.init(node: root, path: "", log: log)
    }

    init(node: Node, path: String, log: ProblemLog) {
        self.node = node
        self.path = path
        self.log = log
    }

    /// Notes a problem with this value, at its place. The message must not quote a secret.
    package func complain(_ message: String) {
        // The cause has been noted already.
        if case .unusable = node.content { return }
        log.add(at: node.mark, path: path, message)
    }

    /// Notes that a value is of the wrong kind. `what` is what is allowed: `a list`.
    func complain(expected what: String) {
        complain("expected \(what), got \(kind)")
    }

    /// Notes that a scalar is not one of its kind. Repeats it when it is a plain word.
    func complainOfValue(expected what: String, hint: String = "") {
        guard case .scalar(let scalar) = node.content, !node.isNull else { return complain(expected: what) }
        let got = Quotation.word(scalar.text).map { ", got '\($0)'" } ?? ""
        complain("expected \(what)\(got)\(hint)")
    }

    private var kind: String {
        switch node.content {
        case .scalar: node.isNull ? "nothing" : "text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .unusable: "something unusable"
        }
    }
}
