/// Reads a page back, by the letter of the grammars, and with no code in common with the encoder.
package struct ReferenceParser {
    /// A series' name and its labels in the order of their names.
    package struct Series: Hashable, CustomStringConvertible {
        /// As bytes: `==` on strings takes different spellings of one character for equal. Between the parts stand bytes that no UTF-8 has.
        private let key: [UInt8]

        fileprivate init(key: [UInt8]) {
            self.key = key
        }

        /// One as it should be read.
        package init(name: String, labels: [String: [UInt8]]) {
            key = labels.sorted { $0.key < $1.key }.reduce(into: Array(name.utf8)) { $0 += [0xFE] + Array($1.key.utf8) + [0xFF] + $1.value }
        }

        package var description: String { String(decoding: key.map { $0 < 0xFE ? $0 : UInt8(ascii: " ") }, as: UTF8.self) }
    }

    /// Where a page is none.
    package struct Malformed: Error, CustomStringConvertible {
        let what: String
        let line: [UInt8]

        package var description: String { "\(what): \(String(decoding: line, as: UTF8.self).debugDescription)" }
    }

    /// The samples of a page; throws where a series occurs twice.
    package static func parse(_ page: [UInt8]) throws -> [Series: Double] {
        guard page.last == UInt8(ascii: "\n") else { throw Malformed(what: "no newline at the end", line: page) }
        var samples: [Series: Double] = [:]
        samples.reserveCapacity(page.count / 100)
        var start = 0
        for end in page.indices where page[end] == UInt8(ascii: "\n") {
            defer { start = end + 1 }
            if page[start] == UInt8(ascii: "#") { continue }
            var parser = ReferenceParser(page: page, next: start, start: start, end: end)
            let (series, value) = try parser.sample()
            guard samples.updateValue(value, forKey: series) == nil else { throw parser.failure("duplicate") }
        }
        return samples
    }

    private let page: [UInt8]
    private var next: Int
    private let start: Int
    private let end: Int

    private mutating func sample() throws(Malformed) -> (Series, Double) {
        var key: [UInt8] = []
        key.reserveCapacity(end - start)
        key += page[try identifier()]
        if peek() == UInt8(ascii: "{") {
            var labels: [(name: Range<Int>, value: Range<Int>)] = []
            repeat {
                next += 1
                let label = try identifier()
                try expect("=")
                labels.append((label, try quoted()))
            } while peek() == UInt8(ascii: ",")
            try expect("}")
            labels.sort { page[$0.name].lexicographicallyPrecedes(page[$1.name]) }
            for (index, label) in labels.enumerated() {
                if index > 0, page[labels[index - 1].name] == page[label.name] { throw failure("label name occurs twice") }
                key.append(0xFE)
                key += page[label.name]
                key.append(0xFF)
                try unescape(label.value, into: &key)
            }
        }
        try expect(" ")
        guard let value = Double(String(decoding: page[next..<end], as: UTF8.self)) else { throw failure("not a number") }
        return (Series(key: key), value)
    }

    private func peek() -> UInt8? {
        next < end ? page[next] : nil
    }

    private mutating func identifier() throws(Malformed) -> Range<Int> {
        let first = next
        while let byte = peek(), (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_") { next += 1 }
        guard next > first else { throw failure("no name") }
        return first..<next
    }

    /// - Returns: where it stands, as it is written.
    private mutating func quoted() throws(Malformed) -> Range<Int> {
        try expect("\"")
        let first = next
        while let byte = peek() {
            if byte == UInt8(ascii: "\"") {
                defer { next += 1 }
                return first..<next
            }
            next += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        throw failure("value without end")
    }

    private func unescape(_ range: Range<Int>, into value: inout [UInt8]) throws(Malformed) {
        var isEscaped = false
        for byte in page[range] {
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
                continue
            }
            if isEscaped {
                switch byte {
                case UInt8(ascii: "\\"), UInt8(ascii: "\""): value.append(byte)
                case UInt8(ascii: "n"): value.append(UInt8(ascii: "\n"))
                default: throw failure("unknown escape")
                }
            } else {
                value.append(byte)
            }
            isEscaped = false
        }
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Malformed) {
        guard peek() == UInt8(ascii: character) else { throw failure("expected \(character)") }
        next += 1
    }

    private func failure(_ what: String) -> Malformed {
        Malformed(what: what, line: Array(page[start..<end]))
    }
}
