import Synchronization

/// Something that an answer may hold.
protocol Readable: Decodable, Sendable {
    /// What is expected where it stands: `a port`.
    static var kind: String { get }
}

/// A value that is read if it can be. One that is odd is absent, and is told of; nothing beside it is lost.
struct Lenient<Value: Readable>: Decodable, Sendable {
    let value: Value?

    init(from decoder: any Decoder) throws {
        do {
            value = try Value(from: decoder)
        } catch {
            value = nil
            decoder.note((error as? AnswerError)?.description ?? "expected \(Value.kind)")
        }
    }
}

/// What could not be used of one answer.
final class Oddities: Sendable {
    /// Enough to see what is wrong; the rest is counted.
    static let maximum = 20

    private let noted = Mutex<(texts: [String], more: Int)>(([], 0))

    func note(_ path: [any CodingKey], _ text: String) {
        noted.withLock { noted in
            guard noted.texts.count < Self.maximum else { return noted.more += 1 }
            let place = Self.text(of: path)
            noted.texts.append(place.isEmpty ? text : "\(place): \(text)")
        }
    }

    var all: [String] {
        noted.withLock { $0.more == 0 ? $0.texts : $0.texts + ["and \($0.more) more"] }
    }

    /// `members[1].port`. Keys are names that somebody chose, and may be long.
    private static func text(of path: [any CodingKey]) -> String {
        path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + (TextLimit.name.allows(key.stringValue) ? key.stringValue : "…")
            }
        }
    }
}

extension CodingUserInfoKey {
    /// Where oddities are collected.
    static let oddities = CodingUserInfoKey(rawValue: "oddities")!
}

extension Decoder {
    /// Tells what is odd at this place.
    func note(_ text: String) {
        (userInfo[.oddities] as? Oddities)?.note(codingPath, text)
    }
}

/// How long a text may be. Texts of answers become labels and log lines.
struct TextLimit {
    let bytes: Int

    /// Names, as of members and slots.
    static let name = TextLimit(bytes: 255)
    /// A role or a state.
    static let word = TextLimit(bytes: 63)
    /// Hosts and ports, several of them.
    static let address = TextLimit(bytes: 4096)

    /// No longer, and without control characters.
    func allows(_ text: String) -> Bool {
        text.utf8.count <= bytes && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
