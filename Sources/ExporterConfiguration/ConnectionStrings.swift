/// Tells one connection string from the several that postgres_exporter took in `DATA_SOURCE_NAME`, separated by commas.
enum ConnectionStrings {
    private static let beginnings = ["postgresql://", "postgres://", "host="]

    /// True when another connection string begins after a comma. Commas alone mean nothing: they also separate the hosts of
    /// one connection string, and may be in a quoted value.
    static func areSeveral(_ text: String) -> Bool {
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "'" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                let rest = text[text.index(after: index)...].drop(while: \.isWhitespace)
                if beginnings.contains(where: rest.hasPrefix) { return true }
            }
        }
        return false
    }
}
