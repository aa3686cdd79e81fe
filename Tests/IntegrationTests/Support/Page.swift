import PostgresTestSupport

/// A page in the classic text format, read strictly: anything that the format does not allow is an error.
struct Page: CustomStringConvertible {
    struct Series: Hashable {
        let name: String
        let labels: [String: String]
    }

    private(set) var values: [Series: Double] = [:]
    private(set) var types: [String: String] = [:]
    let text: String

    var description: String { text }

    init(_ text: String) throws {
        self.text = text
        guard text.isEmpty || text.utf8.last == UInt8(ascii: "\n") else { throw SupportFailure("the page does not end with a newline") }
        var current = ""
        var finished: Set<String> = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            if line.hasPrefix("# ") {
                let words = line.split(separator: " ", maxSplits: 3)
                guard words.count == 4, words[1] == "HELP" || words[1] == "TYPE" else { throw SupportFailure("no comment of the format: \(line)") }
                let name = String(words[2])
                if name != current {
                    guard finished.insert(current).inserted || current.isEmpty, !finished.contains(name) else {
                        throw SupportFailure("\(name) is told in two places")
                    }
                    current = name
                }
                if words[1] == "TYPE" { types[name] = String(words[3]) }
                continue
            }
            let (series, value) = try Self.sample(line)
            let suffixes = types[current] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
            guard suffixes.contains(where: { series.name == current + $0 }) else {
                throw SupportFailure("a sample outside of its family \(current): \(line)")
            }
            guard values.updateValue(value, forKey: series) == nil else { throw SupportFailure("twice on one page: \(line)") }
        }
    }

    /// The value of the only series that has this name and at least these labels; nil when there is none.
    func value(_ name: String, _ labels: [String: String] = [:]) throws -> Double? {
        let found = all(name, labels)
        guard found.count <= 1 else { throw SupportFailure("several series \(name) with \(labels): \(found.keys.map(\.labels))") }
        return found.first?.value
    }

    /// The series that have this name and at least these labels.
    func all(_ name: String, _ labels: [String: String] = [:]) -> [Series: Double] {
        values.filter { series, _ in series.name == name && labels.allSatisfy { series.labels[$0] == $1 } }
    }

    /// The state of a state set whose series have at least these labels.
    func state(_ name: String, _ label: String, _ labels: [String: String] = [:]) throws -> String? {
        let found = all(name, labels)
        let present = found.filter { $0.value == 1 }
        guard found.isEmpty || present.count == 1 else { throw SupportFailure("\(name) has not one state: \(found)") }
        return present.first?.key.labels[label]
    }

    /// The names of the metrics that have a series with these labels.
    func names(_ labels: [String: String]) -> Set<String> {
        Set(values.keys.filter { series in labels.allSatisfy { series.labels[$0] == $1 } }.map(\.name))
    }

    private static func sample(_ line: Substring) throws -> (Series, Double) {
        guard let nameEnd = line.firstIndex(where: { $0 == "{" || $0 == " " }) else { throw SupportFailure("no sample: \(line)") }
        let name = String(line[..<nameEnd])
        var labels: [String: String] = [:]
        var rest = line[nameEnd...]
        if rest.first == "{" {
            rest.removeFirst()
            while rest.first != "}" {
                guard let equals = rest.firstIndex(of: "=") else { throw SupportFailure("a label without a value: \(line)") }
                let label = String(rest[..<equals])
                rest = rest[rest.index(after: equals)...]
                guard labels.updateValue(try quoted(&rest, line), forKey: label) == nil else { throw SupportFailure("a label twice: \(line)") }
                if rest.first == "," { rest.removeFirst() }
            }
            rest.removeFirst()
        }
        guard rest.first == " ", let value = Double(rest.dropFirst()) else { throw SupportFailure("no value: \(line)") }
        return (Series(name: name, labels: labels), value)
    }

    private static func quoted(_ rest: inout Substring, _ line: Substring) throws -> String {
        guard rest.popFirst() == "\"" else { throw SupportFailure("a label value without quotes: \(line)") }
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                switch rest.popFirst() {
                case "\\": value.append("\\")
                case "\"": value.append("\"")
                case "n": value.append("\n")
                default: throw SupportFailure("an escape that does not exist: \(line)")
                }
            default: value.append(character)
            }
        }
        throw SupportFailure("a label value that does not end: \(line)")
    }
}
