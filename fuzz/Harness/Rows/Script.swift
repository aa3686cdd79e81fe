/// Answers of servers as text, in the form of psql, so that a finding can be read:
///
///     server a 18 primary
///     @wal
///     184561856 | 184559576 | 184559576 | 1 | NULL
///     + 5
///
/// `server` names one, `@` what it answers to (a collector's name, or `identity`, `role`, `sample`, `segments`), the lines below are rows, and `+`
/// lets seconds pass, at which all servers that said something are collected. `\xNN` in a cell is a byte.
struct Script {
    enum Step {
        case server(name: String, major: Int, isStandby: Bool)
        case answer(name: String, rows: [[[UInt8]?]])
        case pass(seconds: Double)
    }

    /// More would only be slow.
    private static let maximumSteps = 64

    let steps: [Step]

    init(_ bytes: [UInt8]) {
        var steps: [Step] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(1000) where steps.count < Self.maximumSteps {
            let text = Self.trimmed(line)
            if text.first == UInt8(ascii: "@") {
                steps.append(.answer(name: String(decoding: text.dropFirst(), as: UTF8.self), rows: []))
            } else if text.first == UInt8(ascii: "+") {
                steps.append(.pass(seconds: Double(String(decoding: Self.trimmed(text.dropFirst()), as: UTF8.self)) ?? 1))
            } else if text.starts(with: "server ".utf8) {
                let words = text.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) } + ["", "", ""]
                let major = min(max(Int(words[2]) ?? 18, 13), 19)
                steps.append(.server(name: words[1], major: major, isStandby: words[3] == "standby"))
            } else if case .answer(let name, let rows)? = steps.last {
                steps[steps.count - 1] = .answer(name: name, rows: rows + [Self.cells(text)])
            }
        }
        self.steps = steps
    }

    private static func cells(_ line: ArraySlice<UInt8>) -> [[UInt8]?] {
        line.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false).map { cell in
            let cell = trimmed(cell)
            return cell.elementsEqual("NULL".utf8) ? nil : unescaped(cell)
        }
    }

    private static func unescaped(_ cell: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = cell
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
                let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let front = bytes.drop { $0 == UInt8(ascii: " ") }
        let end = front.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? front.startIndex
        return front[..<end]
    }
}
