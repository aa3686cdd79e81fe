/// Tells files that are not text in UTF-8, before libyaml guesses what they are.
enum TextEncoding {
    /// Where and why the bytes are not text in UTF-8, or nil.
    static func problem(in bytes: [UInt8]) -> SyntaxError? {
        if let other = other(bytes) { return SyntaxError(mark: Mark(line: 1, column: 1), message: "the file is in \(other); UTF-8 is expected") }
        let zero = bytes.firstIndex(of: 0)
        let invalid = firstInvalid(in: bytes)
        guard let place = [zero, invalid].compactMap(\.self).min() else { return nil }
        let message = place == zero ? "a NUL character; the file must be text in UTF-8" : "not UTF-8: save the file in this encoding"
        return SyntaxError(mark: mark(of: place, in: bytes), message: message)
    }

    /// By the mark at the beginning, or by the zeros of what must begin with an ASCII character.
    private static func other(_ bytes: [UInt8]) -> String? {
        let start = Array(bytes.prefix(4))
        if start == [0xFF, 0xFE, 0, 0] || start == [0, 0, 0xFE, 0xFF] { return "UTF-32" }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        guard start.count == 4 else { return nil }
        switch start.map({ $0 == 0 }) {
        case [false, true, true, true], [true, true, true, false]: return "UTF-32"
        case [false, true, false, true], [true, false, true, false]: return "UTF-16"
        default: return nil
        }
    }

    private static func firstInvalid(in bytes: [UInt8]) -> Int? {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }

    private static func mark(of offset: Int, in bytes: [UInt8]) -> Mark {
        let start = bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = bytes[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
        return Mark(line: line, column: String(decoding: bytes[start..<offset], as: UTF8.self).count + 1)
    }
}
