/// Tells a value that seems to have taken in what came after it: `127.0.0.1;password=…` is a host to libpq, and everybody may see a host.
///
/// Pure. Where it is wrong, somebody writes his value otherwise; where it misses one, a password is on a page.
enum SwallowedKey {
    /// Whether the value of a key seems to hold another key, or a password.
    static func isSuspected(in value: String, of keyword: String) -> Bool {
        let text = plain(value)
        if holdsCredentials(text) { return true }
        return text.indices.contains { index in
            guard text[index] == "=" || text[index] == ":" else { return false }
            let word = word(before: index, in: text)
            guard !word.text.isEmpty else { return false }
            if keyword == "options", isSetting(beginningAt: word.start, in: text) { return false }
            if meansPassword(word.text) { return true }
            return text[index] == "=" && mayHold(keyword, nothingBut: word, in: text)
        }
    }

    /// In small letters, with what was percent-encoded, or is written full width, as ASCII.
    private static func plain(_ value: String) -> [Unicode.Scalar] {
        let scalars = Array(value.lowercased().unicodeScalars)
        var plain: [Unicode.Scalar] = []
        var next = 0
        while next < scalars.count {
            if scalars[next] == "%", next + 2 < scalars.count,
                let byte = UInt8(scalars[(next + 1)...(next + 2)].map(String.init).joined(), radix: 16), byte < 0x80
            {
                plain.append(Unicode.Scalar(byte))
                next += 3
            } else {
                let isFullWidth = (0xFF01...0xFF5E).contains(scalars[next].value)
                plain.append(isFullWidth ? Unicode.Scalar(scalars[next].value - 0xFEE0) ?? scalars[next] : scalars[next])
                next += 1
            }
        }
        return plain
    }

    /// A URI with a user in it.
    private static func holdsCredentials(_ text: [Unicode.Scalar]) -> Bool {
        guard let at = text.lastIndex(of: "@") else { return false }
        return text[..<at].indices.contains { text[$0...].starts(with: "://".unicodeScalars) }
    }

    private static func word(before index: Int, in text: [Unicode.Scalar]) -> (text: String, start: Int) {
        let end = text[..<index].lastIndex { !$0.properties.isWhitespace }.map { $0 + 1 } ?? 0
        let start = text[..<end].lastIndex { !isWordPart($0) }.map { $0 + 1 } ?? 0
        return (String(String.UnicodeScalarView(text[start..<end])), start)
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }

    /// A setting of the server's that `options` gives by `-c NAME=` or `--NAME=`, with a prefix or without.
    private static func isSetting(beginningAt start: Int, in text: [Unicode.Scalar]) -> Bool {
        let dotted = text[..<start].lastIndex { !isWordPart($0) && $0 != "." && $0 != "-" }.map { $0 + 1 } ?? 0
        if text[dotted..<start].starts(with: "--".unicodeScalars) || text[dotted..<start].starts(with: "-c".unicodeScalars) { return true }
        let before = text[..<dotted].lastIndex { !$0.properties.isWhitespace && $0 != "\\" }.map { $0 + 1 } ?? 0
        return before < dotted && text[..<before].suffix(2).elementsEqual("-c".unicodeScalars)
    }

    private static func meansPassword(_ word: String) -> Bool {
        if ConnectionKeywords.passwords.contains(word) || ["pass", "pwd", "pw", "secret"].contains(word) { return true }
        if ["password", "passwd", "passphrase"].contains(where: word.hasSuffix) { return true }
        return (6...12).contains(word.utf8.count) && editDistance(word, "password") <= 2
    }

    /// Whether a value that is no free text holds a key of libpq's.
    private static func mayHold(_ keyword: String, nothingBut word: (text: String, start: Int), in text: [Unicode.Scalar]) -> Bool {
        guard ConnectionKeywords.names.contains(word.text), keyword != "options", !keyword.hasSuffix("application_name") else { return false }
        // A path may have any name in it.
        guard text.first == "/", word.start > 0 else { return true }
        return !"/.-".unicodeScalars.contains(text[word.start - 1])
    }
}
