/// The setting synchronous_standby_names, parsed: `FIRST 2 (a, b)`, `ANY 1 (a, "b c")`, `2 (a, b)`, `a, b`, `*`.
package struct SynchronousStandbys: Sendable, Hashable {
    package let method: Method
    /// How many standbys a commit waits for.
    package let required: Int
    /// Names as written, `*` matches any; unquoted ones are compared without case by the server anyway.
    package let names: [String]

    /// How the standbys are chosen.
    package enum Method: Sendable, Hashable {
        /// The first by priority.
        case first
        /// Any of them, a quorum.
        case any
    }

    /// - Returns: nil when the setting is empty, so commits wait for nobody.
    /// - Throws: `InvalidSynchronousStandbyNames` for text that no PostgreSQL accepts.
    package init?(_ setting: String) throws(InvalidSynchronousStandbyNames) {
        var tokens = try Self.tokens(of: setting)[...]
        guard let first = tokens.first else { return nil }

        var method = Method.first
        var required = 1
        if case .word(let word, quoted: false) = first, tokens.count > 1, case .number(let count) = tokens[tokens.startIndex + 1] {
            switch word.lowercased() {
            case "first": method = .first
            case "any": method = .any
            default: throw InvalidSynchronousStandbyNames()
            }
            required = count
            tokens = tokens.dropFirst(2)
            self.names = try Self.list(&tokens, inParentheses: true)
        } else if case .number(let count) = first, tokens.count > 1, tokens[tokens.startIndex + 1] == .open {
            required = count
            tokens = tokens.dropFirst()
            self.names = try Self.list(&tokens, inParentheses: true)
        } else {
            self.names = try Self.list(&tokens, inParentheses: false)
        }
        guard tokens.isEmpty, required > 0 else { throw InvalidSynchronousStandbyNames() }
        self.method = method
        self.required = required
    }

    /// How many walsenders count towards `required`: the server's own verdict in `sync_state`.
    package func connected(among walsenders: [Walsender]) -> Int {
        walsenders.count { $0.state == .streaming && ($0.syncState == .sync || $0.syncState == .quorum) }
    }

    private enum Token: Equatable {
        case word(String, quoted: Bool)
        case number(Int)
        case open, close, comma
    }

    private static func list(_ tokens: inout ArraySlice<Token>, inParentheses: Bool) throws(InvalidSynchronousStandbyNames) -> [String] {
        if inParentheses {
            guard tokens.popFirst() == .open else { throw InvalidSynchronousStandbyNames() }
        }
        var names: [String] = []
        while true {
            switch tokens.popFirst() {
            case .word(let name, _): names.append(name)
            case .number(let number): names.append(String(number))
            default: throw InvalidSynchronousStandbyNames()
            }
            guard tokens.first == .comma else { break }
            tokens.removeFirst()
        }
        if inParentheses {
            guard tokens.popFirst() == .close else { throw InvalidSynchronousStandbyNames() }
        }
        return names
    }

    private static func tokens(of setting: String) throws(InvalidSynchronousStandbyNames) -> [Token] {
        var tokens: [Token] = []
        var rest = Substring(setting)
        while let character = rest.first {
            switch character {
            case " ", "\t", "\n", "\r":
                rest.removeFirst()
            case ",":
                tokens.append(.comma)
                rest.removeFirst()
            case "(":
                tokens.append(.open)
                rest.removeFirst()
            case ")":
                tokens.append(.close)
                rest.removeFirst()
            case "\"":
                tokens.append(.word(try quoted(&rest), quoted: true))
            default:
                let word = rest.prefix { !" \t\n\r,()\"".contains($0) }
                rest = rest[word.endIndex...]
                if let number = Int(word) { tokens.append(.number(number)) } else { tokens.append(.word(String(word), quoted: false)) }
            }
        }
        return tokens
    }

    private static func quoted(_ rest: inout Substring) throws(InvalidSynchronousStandbyNames) -> String {
        rest.removeFirst()
        var name = ""
        while let character = rest.popFirst() {
            guard character == "\"" else {
                name.append(character)
                continue
            }
            guard rest.first == "\"" else { return name }
            name.append("\"")
            rest.removeFirst()
        }
        throw InvalidSynchronousStandbyNames()
    }
}

/// The server's synchronous_standby_names has a form that this exporter does not know.
package struct InvalidSynchronousStandbyNames: Error, Hashable {
    package init() {}
}
