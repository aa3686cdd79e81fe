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

        switch (first, tokens.dropFirst().first) {
        case (.keyword(let method), .number(let digits)):
            self.method = method
            self.required = try Self.count(digits)
            tokens = tokens.dropFirst(2)
            self.names = try Self.list(&tokens, inParentheses: true)
        case (.number(let digits), .open):
            self.method = .first
            self.required = try Self.count(digits)
            tokens = tokens.dropFirst()
            self.names = try Self.list(&tokens, inParentheses: true)
        default:
            self.method = .first
            self.required = 1
            self.names = try Self.list(&tokens, inParentheses: false)
        }
        guard tokens.isEmpty else { throw InvalidSynchronousStandbyNames() }
    }

    /// How many walsenders count towards `required`: the server's own verdict in `sync_state`.
    package func connected(among walsenders: [Walsender]) -> Int {
        walsenders.count { $0.state == .streaming && ($0.syncState == .sync || $0.syncState == .quorum) }
    }

    /// The names are none that a standby of PostgreSQL goes by: on Neon a process of the server's own waits for the storage, and is never in
    /// pg_stat_replication.
    package var isServedOutside: Bool { names.allSatisfy { $0.lowercased() == "walproposer" } }

    /// What the server's scanner (`syncrep_scanner.l`) tells apart.
    private enum Token: Equatable {
        /// `FIRST` and `ANY` are never names, unless quoted.
        case keyword(Method)
        case name(String)
        /// Digits, which may be a name.
        case number(String)
        case open, close, comma
    }

    private static func count(_ digits: String) throws(InvalidSynchronousStandbyNames) -> Int {
        guard let count = Int(digits), count > 0 else { throw InvalidSynchronousStandbyNames() }
        return count
    }

    private static func list(_ tokens: inout ArraySlice<Token>, inParentheses: Bool) throws(InvalidSynchronousStandbyNames) -> [String] {
        if inParentheses {
            guard tokens.popFirst() == .open else { throw InvalidSynchronousStandbyNames() }
        }
        var names: [String] = []
        while true {
            switch tokens.popFirst() {
            case .name(let name), .number(let name): names.append(name)
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
        // Scalars, not characters: an accent must not hide the quotation mark or comma that it follows.
        var rest = setting.unicodeScalars[...]
        while let scalar = rest.first {
            switch scalar {
            case " ", "\t", "\n", "\r", "\u{0B}", "\u{0C}":
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
            case "*":
                tokens.append(.name("*"))
                rest.removeFirst()
            case "\"":
                tokens.append(.name(try quoted(&rest)))
            case "0"..."9":
                let digits = rest.prefix { ("0"..."9").contains($0) }
                rest = rest[digits.endIndex...]
                tokens.append(.number(String(digits)))
            case _ where isLetter(scalar):
                let word = String(rest.prefix { isLetter($0) || ("0"..."9").contains($0) || $0 == "$" })
                rest = rest.dropFirst(word.unicodeScalars.count)
                tokens.append(keyword(word).map(Token.keyword) ?? .name(word))
            default:
                throw InvalidSynchronousStandbyNames()
            }
        }
        return tokens
    }

    private static func keyword(_ word: String) -> Method? {
        switch word.lowercased() {
        case "first": .first
        case "any": .any
        default: nil
        }
    }

    /// What an unquoted name may begin with: to the server every byte beyond ASCII is a letter.
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" || !scalar.isASCII
    }

    private static func quoted(_ rest: inout Substring.UnicodeScalarView) throws(InvalidSynchronousStandbyNames) -> String {
        rest.removeFirst()
        var name = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            guard scalar == "\"" else {
                name.append(scalar)
                continue
            }
            guard rest.first == "\"" else { return String(name) }
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
