/// Where the metrics are served: a path that means the same to the router, to a browser and to a proxy.
package struct TelemetryPath: Sendable, Hashable {
    /// Where everybody looks.
    package static let metrics = TelemetryPath(known: "/metrics")

    let text: String

    /// Why a text is no such path.
    package enum Problem: Error, CustomStringConvertible {
        case notAbsolute, emptyPart, relativePart, character(Unicode.Scalar), taken

        package var description: String {
            switch self {
            case .notAbsolute: "a path such as /metrics is expected"
            case .emptyPart: "a path has no empty part and no slash at its end"
            case .relativePart: "'.' and '..' are resolved by clients before they ask"
            case .character(let scalar): "\(scalar.debugDescription) cannot stand in this path; letters, digits and -._~!$&'()+,;=@ can"
            case .taken: "something else is served there; taken are \((["/"] + Routes.otherPaths).joined(separator: ", "))"
            }
        }
    }

    /// - Throws: why the text cannot be such a path.
    package init(_ text: String) throws(Problem) {
        guard text.first == "/" else { throw .notAbsolute }
        guard text != "/" else { throw .taken }
        if let odd = text.unicodeScalars.first(where: { !Self.isPlain($0) }) { throw .character(odd) }
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            // The router leaves empty parts out, so that two texts would be one path to it.
            if part.isEmpty { throw .emptyPart }
            if part == "." || part == ".." { throw .relativePart }
        }
        guard !Routes.otherPaths.contains(text) else { throw .taken }
        self.text = text
    }

    private init(known text: String) {
        self.text = text
    }

    /// What RFC 3986 lets stand for itself in a path, without what means something to the router.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "/": true
        default: "-._~!$&'()+,;=@".unicodeScalars.contains(scalar)
        }
    }
}
