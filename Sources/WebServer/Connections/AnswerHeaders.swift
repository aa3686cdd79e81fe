import HTTPTypes

/// Headers that every answer has unless its handler or the web configuration says something else.
enum AnswerHeaders {
    static let always = [
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
    ]

    private static let fields = always.compactMap { name, value in HTTPField.Name(name).map { HTTPField(name: $0, value: value) } }

    /// Adds what is missing; a configured header wins over one of a handler.
    static func add(to headers: inout HTTPFields, configured: [ConfiguredHeader]) {
        for header in configured {
            guard let name = HTTPField.Name(header.name) else { continue }
            headers[name] = header.value
        }
        for field in fields where headers[field.name] == nil { headers[field.name] = field.value }
    }
}
