/// Writes text as a YAML scalar.
package enum ScalarText {
    /// The text as it is when every YAML reader takes it for text, else in double quotes with escapes; always one line, and
    /// read back unchanged.
    package static func render(_ text: String) -> String {
        guard !isPlainText(text) else { return text }
        var result = "\""
        for scalar in text.unicodeScalars { result += escaped(scalar) }
        return result + "\""
    }

    private static func isPlainText(_ text: String) -> Bool {
        // Words that some version of YAML takes for a boolean or for null.
        let special = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "/"), !special.contains(text.lowercased()) else {
            return false
        }
        return text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "_-./".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
            // Invisible, or not allowed in YAML as it is.
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        default:
            return String(scalar)
        }
    }
}
