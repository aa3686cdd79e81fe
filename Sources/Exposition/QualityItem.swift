/// One element of a header such as `Accept` or `Accept-Encoding`: a value with parameters, one of which weighs it (RFC 9110 §12.4.2).
struct QualityItem {
    /// The value in lower case.
    let value: String
    /// Other parameters, their names in lower case.
    let parameters: [String: String]
    /// The weight in thousandths, so that weights compare exactly.
    let quality: Int

    /// The elements of a header. One that is malformed is left out: it asks for nothing that could be understood.
    static func list(_ header: String) -> [QualityItem] {
        split(header[...], at: ",").compactMap(QualityItem.init)
    }

    private init?(_ text: Substring) {
        let parts = Self.split(text, at: ";")
        guard let first = parts.first, !first.isEmpty, !first.contains(where: { $0 == "\"" || Self.isBlank($0) }) else { return nil }
        var parameters: [String: String] = [:]
        var quality = 1000
        for part in parts.dropFirst() where !part.isEmpty {
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let name = Self.trimmed(part[..<equals]).lowercased()
            let value = Self.trimmed(part[part.index(after: equals)...])
            guard !name.isEmpty else { return nil }
            if name == "q" {
                guard let weight = Self.thousandths(value) else { return nil }
                quality = weight
            } else {
                guard let value = Self.unquoted(value) else { return nil }
                parameters[name] = value
            }
        }
        self.value = first.lowercased()
        self.parameters = parameters
        self.quality = quality
    }

    /// Splits at separators outside of quoted strings, and trims the parts.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var quoted = false
        var escaped = false
        for index in text.indices {
            let character = text[index]
            if escaped {
                escaped = false
            } else if quoted, character == "\\" {
                escaped = true
            } else if character == "\"" {
                quoted.toggle()
            } else if character == separator, !quoted {
                parts.append(trimmed(text[start..<index]))
                start = text.index(after: index)
            }
        }
        parts.append(trimmed(text[start...]))
        return parts
    }

    /// `0`, `1`, or either with a point and up to three digits, and at most 1.
    private static func thousandths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.count > 1 ? parts[1] : ""
        guard parts[0] == "0" || parts[0] == "1", digits.count <= 3, digits.allSatisfy({ "0" <= $0 && $0 <= "9" }) else { return nil }
        let padded = digits + String(repeating: "0", count: 3 - digits.count)
        guard let fraction = Int(padded) else { return nil }
        let total = (parts[0] == "1" ? 1000 : 0) + fraction
        return total <= 1000 ? total : nil
    }

    /// The text of a token or of a quoted string; nil for a string without end.
    private static func unquoted(_ text: Substring) -> String? {
        guard text.first == "\"" else { return text.contains("\"") ? nil : String(text) }
        var result = ""
        var escaped = false
        for index in text.indices.dropFirst() {
            let character = text[index]
            if escaped {
                escaped = false
            } else if character == "\\" {
                escaped = true
                continue
            } else if character == "\"" {
                return text.index(after: index) == text.endIndex ? result : nil
            }
            result.append(character)
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, isBlank(first) { text.removeFirst() }
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t"
    }
}
