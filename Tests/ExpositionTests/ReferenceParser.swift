/// Reads a page back, by the letter of the grammars, and with no code in common with the encoder.
struct ReferenceParser {
    struct Series: Hashable {
        let name: String
        /// Values as bytes: `==` on strings takes different spellings of one character for equal.
        let labels: [String: [UInt8]]
    }

    struct Malformed: Error {
        let what: String
        let line: [UInt8]
    }

    /// The samples of a page; throws where a series occurs twice.
    static func parse(_ page: [UInt8]) throws -> [Series: Double] {
        guard page.last == UInt8(ascii: "\n") else { throw Malformed(what: "no newline at the end", line: page) }
        var samples: [Series: Double] = [:]
        for line in page.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) where line.first != UInt8(ascii: "#") {
            var parser = ReferenceParser(rest: line, line: Array(line))
            let (series, value) = try parser.sample()
            guard samples.updateValue(value, forKey: series) == nil else { throw Malformed(what: "duplicate", line: Array(line)) }
        }
        return samples
    }

    private var rest: ArraySlice<UInt8>
    private let line: [UInt8]

    private mutating func sample() throws -> (Series, Double) {
        let name = try identifier()
        var labels: [String: [UInt8]] = [:]
        if rest.first == UInt8(ascii: "{") {
            repeat {
                rest.removeFirst()
                let label = try identifier()
                try expect("=")
                guard labels.updateValue(try quoted(), forKey: label) == nil else { throw failure("label name occurs twice") }
            } while rest.first == UInt8(ascii: ",")
            try expect("}")
        }
        try expect(" ")
        guard let value = Double(String(decoding: rest, as: UTF8.self)) else { throw failure("not a number") }
        return (Series(name: name, labels: labels), value)
    }

    private mutating func identifier() throws -> String {
        let name = rest.prefix { "abcdefghijklmnopqrstuvwxyz_".utf8.contains($0) }
        guard !name.isEmpty else { throw failure("no name") }
        rest = rest.dropFirst(name.count)
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func quoted() throws -> [UInt8] {
        try expect("\"")
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return value }
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\\"): value.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "\""): value.append(UInt8(ascii: "\""))
            case UInt8(ascii: "n"): value.append(UInt8(ascii: "\n"))
            default: throw failure("unknown escape")
            }
        }
        throw failure("value without end")
    }

    private mutating func expect(_ text: String) throws {
        for byte in text.utf8 where rest.popFirst() != byte { throw failure("expected \(text)") }
    }

    private func failure(_ what: String) -> Malformed {
        Malformed(what: what, line: line)
    }
}
