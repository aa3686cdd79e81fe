/// How a line is told apart on a terminal: by colour where there is one, and never by colour alone.
package struct TerminalStyle: Sendable {
    package var hasColour: Bool
    /// Columns; nil: lines are not broken.
    package var width: Int?

    package init(hasColour: Bool, width: Int?) {
        self.hasColour = hasColour
        self.width = width
    }

    package static let plain = TerminalStyle(hasColour: false, width: nil)

    package enum Tone: String, Sendable {
        case bold = "1"
        case dim = "2"
        case bad = "1;31"
        case doubtful = "33"
        case good = "32"
    }

    func toned(_ text: String, _ tone: Tone?) -> String {
        guard hasColour, let tone, !text.isEmpty else { return text }
        return "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m"
    }

    /// A text of a server's or a stranger's, which could hold what moves the cursor or sets the title of a window.
    package static func safe(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A screen of another process: its lines stay, and what colours a text where colours are wanted; nothing else that moves a cursor or sets a title.
    package static func safe(screen text: String, allowingColour: Bool) -> String {
        var result = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if allowingColour, let end = endOfColour(rest) {
                result.unicodeScalars.append(contentsOf: rest[..<end])
                rest = rest[end...]
                continue
            }
            if scalar == "\n" || !isControl(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            }
            rest = rest.dropFirst()
        }
        return result
    }

    /// Where `ESC [ digits and semicolons m` ends that a text begins with.
    private static func endOfColour(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView.Index? {
        guard text.starts(with: "\u{1B}[".unicodeScalars) else { return nil }
        let rest = text.dropFirst(2)
        let end = rest.prefix(20).firstIndex { !("0"..."9").contains($0) && $0 != ";" }
        return end.flatMap { rest[$0] == "m" ? rest.index(after: $0) : nil }
    }

    /// Control characters, and those that turn the direction of writing round.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Breaks a text at spaces so that it fits, the following lines indented.
    func wrapped(_ text: String, first: String = "", indent: String) -> [String] {
        guard let width else { return [first + text] }
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = indent
                isEmpty = true
            }
            line += isEmpty ? String(word) : " \(word)"
            isEmpty = false
        }
        lines.append(line)
        return lines
    }
}
