/// A setting that is a list of names, as PostgreSQL's SplitIdentifierString reads it: commas between them, blanks around them, quotation marks
/// where a name has other characters.
enum NameList {
    /// The names in their order; a quotation mark within one is doubled. Names without quotation marks are in lower case to the server.
    static func names(in setting: String) -> [String] {
        var names: [String] = []
        var name = ""
        var isQuoted = false
        var isInside = false
        var rest = setting.unicodeScalars[...]
        func end() {
            let text = isQuoted ? name : name.lowercased()
            if !text.isEmpty { names.append(text) }
            (name, isQuoted) = ("", false)
        }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"" where isInside && rest.first == "\"":
                rest.removeFirst()
                name.unicodeScalars.append(scalar)
            case "\"":
                isInside.toggle()
                isQuoted = true
            case "," where !isInside: end()
            case " ", "\t", "\n", "\r", "\u{0B}", "\u{0C}":
                if isInside { name.unicodeScalars.append(scalar) }
            default: name.unicodeScalars.append(scalar)
            }
        }
        end()
        return names
    }
}
