import ReplicationModel

extension Decoder {
    /// The text here, if it is one that is allowed.
    fileprivate func text(_ limit: TextLimit, or kind: String) throws -> String {
        let text = try singleValueContainer().decode(String.self)
        guard limit.allows(text) else { throw AnswerError("expected \(kind), of at most \(limit.bytes) bytes and without control characters") }
        return text
    }

    /// The whole number here, also as text: people write both.
    fileprivate func whole() throws -> Int64 {
        let container = try singleValueContainer()
        if let number = try? container.decode(Int64.self) { return number }
        guard let number = Int64(try container.decode(String.self)) else { throw AnswerError("expected \(Whole.kind)") }
        return number
    }
}

/// A name.
struct Name: Readable {
    static let kind = "a string"
    let text: String

    init(from decoder: any Decoder) throws {
        text = try decoder.text(.name, or: Self.kind)
    }
}

/// A role or a state.
struct Word: Readable {
    static let kind = "a string"
    let text: String

    init(from decoder: any Decoder) throws {
        text = try decoder.text(.word, or: Self.kind)
    }
}

struct Whole: Readable {
    static let kind = "a whole number"
    let number: Int64

    init(from decoder: any Decoder) throws {
        number = try decoder.whole()
    }
}

/// A time as Patroni takes it (`parse_int` in its utils.py): a number of seconds, or one with a unit of PostgreSQL.
struct Span: Readable {
    static let kind = "a time"
    let seconds: Double

    private static let units: [Substring: Double] = ["": 1, "s": 1, "ms": 0.001, "us": 0.000_001, "min": 60, "h": 3600, "d": 86_400]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            seconds = number
            return
        }
        let text = try container.decode(String.self).trimmingSpaces()
        let number = text.prefix { $0.isNumber || $0 == "." }
        let unit = text[number.endIndex...].drop { $0 == " " }
        guard let value = Double(number), let scale = Self.units[unit] else { throw AnswerError("expected \(Self.kind)") }
        seconds = value * scale
    }
}

/// A truth value in any of the forms that Patroni takes for one (`parse_bool` in its utils.py).
struct Flag: Readable {
    static let kind = "true or false"
    let isOn: Bool

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            isOn = flag
            return
        }
        let text: String
        if let number = try? container.decode(Int64.self) { text = String(number) } else { text = try container.decode(String.self).lowercased() }
        switch text {
        case "on", "true", "yes", "1": isOn = true
        case "off", "false", "no", "0": isOn = false
        default: throw AnswerError("expected \(Self.kind)")
        }
    }
}

/// Hosts, several separated by commas, as libpq takes them, but for directories of sockets: what is there is on the exporter's own host.
struct Hosts: Readable {
    static let kind = "hosts"
    /// None of them empty, and each one that can be a host.
    let names: [String]
    /// As it was written.
    let text: String

    init(from decoder: any Decoder) throws {
        text = try decoder.text(.address, or: Self.kind)
        names = text.split(separator: ",").map { String($0.trimmingSpaces()) }.filter { !$0.isEmpty }
        guard names.allSatisfy({ !"/@".contains($0.prefix(1)) }) else { throw AnswerError("expected \(Self.kind), and no socket directories") }
        guard names.allSatisfy({ ServerAddress.isHost($0) }) else { throw AnswerError("expected \(Self.kind)") }
    }
}

/// TCP ports: a number, or several in a text, separated by commas.
struct Ports: Readable {
    static let kind = "a port"
    /// At least one.
    let numbers: [Int]

    init(from decoder: any Decoder) throws {
        if let number = try? decoder.singleValueContainer().decode(Int64.self) {
            numbers = [Int(clamping: number)]
        } else {
            let parts = try decoder.text(.address, or: Self.kind).split(separator: ",", omittingEmptySubsequences: false)
            numbers = parts.map { Int($0.trimmingSpaces()) ?? 0 }
        }
        guard numbers.allSatisfy((1...65_535).contains) else { throw AnswerError("expected \(Self.kind)") }
    }
}

/// A connection string as a URL, of which only hosts and ports are read.
struct ConnectionURL: Readable {
    static let kind = "a connection URL"
    /// At least one.
    let addresses: [ServerAddress]

    init(from decoder: any Decoder) throws {
        let text = try decoder.text(.address, or: Self.kind)
        guard let scheme = text.firstRange(of: "://") else { throw AnswerError("expected \(Self.kind)") }
        var authority = text[scheme.upperBound...].prefix { !"/?".contains($0) }
        if let user = authority.lastIndex(of: "@") { authority = authority[authority.index(after: user)...] }
        addresses = authority.split(separator: ",").compactMap(Self.address)
        if addresses.isEmpty { throw AnswerError("expected \(Self.kind) with a host") }
    }

    private static func address(_ text: Substring) -> ServerAddress? {
        var host = text
        var port: Substring = ""
        if let end = text.lastIndex(of: "]"), text.first == "[" {
            host = text[..<end].dropFirst()
            port = text[text.index(after: end)...].dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard ServerAddress.isHost(host), !host.hasPrefix("%2F"), !host.hasPrefix("%2f"), !host.hasPrefix("@"),
            let number = port.isEmpty ? 5432 : Int(port), (1...65_535).contains(number)
        else { return nil }
        return ServerAddress(host: String(host), port: number)
    }
}

/// A list; elements that are odd are left out, and so is what is beyond the limit.
struct Few<Element: Readable>: Readable {
    static var kind: String { "a list" }
    let elements: [Element]

    /// More than anybody has members, or slots.
    static var maximum: Int { 1000 }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        var elements: [Element] = []
        while !container.isAtEnd, container.currentIndex < Self.maximum {
            if let element = try container.decode(Lenient<Element>.self).value { elements.append(element) }
        }
        if !container.isAtEnd { decoder.note("more than \(Self.maximum), the rest is left out") }
        self.elements = elements
    }
}

/// A map by names that somebody chose, in their order; entries that are odd are left out, and so is what is beyond the limit.
struct Named<Value: Readable>: Readable {
    static var kind: String { "an object" }
    let entries: [(name: String, value: Value)]

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let keys = container.allKeys.sorted { $0.stringValue < $1.stringValue }
        if keys.count > Few<Value>.maximum { decoder.note("more than \(Few<Value>.maximum), the rest is left out") }
        entries = try keys.prefix(Few<Value>.maximum).compactMap { key in
            guard TextLimit.name.allows(key.stringValue) else {
                decoder.note("a name that is too long, or has control characters")
                return nil
            }
            return try container.decode(Lenient<Value>.self, forKey: key).value.map { (key.stringValue, $0) }
        }
    }
}

extension StringProtocol {
    /// Without the spaces around it.
    func trimmingSpaces() -> SubSequence {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
