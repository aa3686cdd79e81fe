/// Builds the tree of a document from libyaml's events.
///
/// Only the YAML that a configuration needs: anchors, aliases, tags and further documents are problems, because each of them
/// makes a file mean something else than it seems to (and aliases make small files huge).
package struct Composer {
    /// The deepest nesting: a configuration needs six levels, and the tree is walked recursively.
    package static let depthLimit = 32

    private let events: EventStream
    private let log: ProblemLog

    /// The root of the document, or nil when it cannot be made; all problems go to the log. A file without a document
    /// gives a node that is null.
    package static func compose(_ bytes: [UInt8], log: ProblemLog) -> Node? {
        if let problem = TextEncoding.problem(in: bytes) {
            log.add(at: problem.mark, problem.message)
            return nil
        }
        let composer = Composer(events: EventStream(bytes), log: log)
        do {
            return try composer.document()
        } catch {
            log.add(at: error.mark, error.message)
            return nil
        }
    }

    private func document() throws(SyntaxError) -> Node {
        var root: Node?
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamStart, .documentEnd: continue
            case .documentStart:
                guard root == nil else {
                    throw SyntaxError(mark: event.mark, message: "a second document begins here; the file must hold one")
                }
                root = try node(try events.next(), depth: 1)
            default:
                return root ?? Node(mark: Mark(line: 1, column: 1), content: .scalar(Node.Scalar(text: "", isPlain: true)))
            }
        }
    }

    private func node(_ event: EventStream.Event, depth: Int) throws(SyntaxError) -> Node {
        guard depth <= Self.depthLimit else {
            throw SyntaxError(mark: event.mark, message: "nested more than \(Self.depthLimit) levels deep")
        }
        // Their names are not shown: what seems to be one may be an unquoted password that begins with & * or !
        if event.hasAnchor { log.add(at: event.mark, "anchors (&) are not supported; quote the text if it is none") }
        if event.hasTag { log.add(at: event.mark, "tags (!) are not supported; quote the text if it is none") }
        var node = Node(mark: event.mark, content: .unusable)
        switch event.kind {
        case .scalar(let scalar): node.content = .scalar(scalar)
        case .sequenceStart: node.content = .sequence(try elements(depth: depth))
        case .mappingStart: node.content = .mapping(try entries(depth: depth))
        default: log.add(at: event.mark, "aliases (*) are not supported; quote the text if it is none")
        }
        // A tag may turn the value into something else, and the tag may be the value: reading on would only add noise.
        if event.hasTag { node.content = .unusable }
        return node
    }

    private func elements(depth: Int) throws(SyntaxError) -> [Node] {
        var elements: [Node] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { return elements }
            elements.append(try node(event, depth: depth + 1))
        }
    }

    private func entries(depth: Int) throws(SyntaxError) -> [Node.Entry] {
        var entries: [Node.Entry] = []
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { return entries }
            let key = try node(event, depth: depth + 1)
            let value = try node(try events.next(), depth: depth + 1)
            switch key.content {
            case .scalar(let scalar): entries.append(Node.Entry(key: scalar.text, keyMark: key.mark, value: value))
            case .unusable: continue
            case .sequence, .mapping: log.add(at: key.mark, "a key must be text")
            }
        }
    }
}
