/// Which headers the file may add to answers.
enum HeaderRule {
    /// By their exact names; nil: any value.
    private static let allowed: [String: [String]?] = [
        "Strict-Transport-Security": nil,
        "X-XSS-Protection": nil,
        "Content-Security-Policy": nil,
        "X-Frame-Options": ["deny", "sameorigin"],
        "X-Content-Type-Options": ["nosniff"],
    ]

    /// Why this header cannot be sent, or nil. A value is no secret, but not repeated either.
    static func problem(name: String, value: String) -> String? {
        guard let values = allowed[name] else {
            let shown = name.utf8.count <= 64 && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") } ? name : "…"
            return "HTTP header \"\(shown)\" can not be configured; these can: \(allowed.keys.sorted().joined(separator: ", "))"
        }
        guard let values, !values.contains(value) else { return nil }
        return "invalid value for \(name); expected \(values.joined(separator: " or "))"
    }

    /// A header is one line.
    static func oneLine(_ value: String) -> String {
        String(value.map { $0.isNewline ? " " : $0 })
    }
}
