#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Why an answer is of no use as a whole.
struct AnswerError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// An answer of Patroni, and what in it could not be used.
struct Read<Answer: Sendable>: Sendable {
    var answer: Answer
    /// Where, and what was expected there. Never the values: anything may be in a cluster's configuration.
    var oddities: [String]
}

extension Read: Equatable where Answer: Equatable {}

/// Reads answers of Patroni, or of whatever answers in its place.
enum AnswerReader {
    /// Patroni nests four levels deep.
    static let maximumDepth = 32

    /// Reads what is of use. What is odd costs itself; only where there is nothing left, the whole is an error.
    static func read<Answer: Readable>(_ type: Answer.Type, _ text: [UInt8]) throws(AnswerError) -> Read<Answer> {
        guard isShallow(text) else { throw AnswerError("nested more than \(maximumDepth) deep") }
        let oddities = Oddities()
        let decoder = JSONDecoder()
        decoder.userInfo[.oddities] = oddities
        do {
            let answer = try decoder.decode(Answer.self, from: Data(text))
            return Read(answer: answer, oddities: oddities.all)
        } catch let error as AnswerError {
            throw error
        } catch DecodingError.dataCorrupted {
            throw AnswerError("not JSON")
        } catch {
            throw AnswerError("expected \(Answer.kind)")
        }
    }

    private static func isShallow(_ text: [UInt8]) -> Bool {
        var depth = 0
        var isString = false
        var isEscaped = false
        for byte in text {
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else {
                    isString = byte != UInt8(ascii: "\"")
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                if depth > maximumDepth { return false }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return true
    }
}
