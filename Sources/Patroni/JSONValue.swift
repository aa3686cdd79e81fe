#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A JSON text as it is, without a notion of what should be in it.
enum JSONValue: Decodable, Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Its kind, for messages: values stay out of them, as anything may be in a cluster's configuration.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// What is wrong with an answer, and where in it.
struct AnswerError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A value and the way to it.
struct JSONReader {
    let value: JSONValue
    /// `members[1].port`; empty for the whole text.
    let path: String

    private init(_ value: JSONValue, path: String) {
        self.value = value
        self.path = path
    }

    /// Reads a whole answer.
    init(_ text: some Sequence<UInt8>) throws(AnswerError) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text)) else { throw AnswerError("not JSON") }
        self.init(value, path: "")
    }

    /// The members of an object.
    func object() throws(AnswerError) -> [String: JSONReader] {
        guard case .object(let members) = value else { throw wrong("an object") }
        var readers: [String: JSONReader] = [:]
        for (key, value) in members { readers[key] = JSONReader(value, path: path.isEmpty ? key : "\(path).\(key)") }
        return readers
    }

    func array() throws(AnswerError) -> [JSONReader] {
        guard case .array(let elements) = value else { throw wrong("a list") }
        return elements.enumerated().map { JSONReader($1, path: "\(path)[\($0)]") }
    }

    func string() throws(AnswerError) -> String {
        guard case .string(let text) = value else { throw wrong("a string") }
        return text
    }

    func integer() throws(AnswerError) -> Int64 {
        guard case .integer(let number) = value else { throw wrong("a whole number") }
        return number
    }

    /// A TCP port, also as text: people write both.
    func port() throws(AnswerError) -> Int {
        let number: Int? =
            switch value {
            case .integer(let number): Int(exactly: number)
            case .string(let text): Int(text)
            default: nil
            }
        guard let number, (1...65_535).contains(number) else { throw wrong("a port") }
        return number
    }

    /// A truth value in any of the forms that Patroni takes for one (`parse_bool` in its utils.py).
    func bool() throws(AnswerError) -> Bool {
        let text: String? =
            switch value {
            case .bool(let flag): flag ? "true" : "false"
            case .integer(let number): String(number)
            case .string(let text): text.lowercased()
            default: nil
            }
        switch text {
        case "on", "true", "yes", "1": return true
        case "off", "false", "no", "0": return false
        default: throw wrong("true or false")
        }
    }

    /// nil where it is null.
    var present: JSONReader? { value == .null ? nil : self }

    /// The error of a value that is not what is needed.
    func wrong(_ wanted: String) -> AnswerError {
        let found = "expected \(wanted), found \(value.kind)"
        return AnswerError(path.isEmpty ? found : "\(path): \(found)")
    }
}

extension [String: JSONReader] {
    /// The value of a key, nil when there is none or it is null.
    func optional(_ key: String) -> JSONReader? {
        self[key]?.present
    }

    /// The value of a key that must be there.
    func required(_ key: String, of parent: JSONReader) throws(AnswerError) -> JSONReader {
        guard let reader = self[key] else { throw AnswerError(parent.path.isEmpty ? "\(key) is missing" : "\(parent.path).\(key) is missing") }
        return reader
    }
}
