/// Looks at what a server is about to tell libpq while it authenticates us, where that is not encrypted: libpq computes as many iterations of
/// SCRAM as it is told to, up to a quarter of an hour of them, and nothing can stop it.
///
/// Pure. libpq is handed whole messages only, so that what is looked at always begins with one.
struct ScramGuard {
    enum Verdict: Equatable {
        /// libpq may read.
        case harmless
        /// What is there ends within a message that may be the one: to be looked at again when there is more.
        case incomplete
        /// So many iterations are more than a server may ask for. nil when the number is none.
        case refused(iterations: Int?)
    }

    /// Whether nothing more can come that asks for computing.
    private(set) var isOver = false

    /// Judges the bytes that wait to be read.
    mutating func judge(_ bytes: UnsafeRawBufferPointer) -> Verdict {
        var rest = bytes[...]
        while !isOver, let kind = rest.first {
            guard kind == UInt8(ascii: "R") || kind == UInt8(ascii: "N") || kind == UInt8(ascii: "v") else {
                // Refusals are libpq's to tell; no authentication comes after one.
                isOver = true
                return .harmless
            }
            guard rest.count >= 5 else { return .incomplete }
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard (4...30_000).contains(length) else { return .harmless }
            guard rest.count > length else { return .incomplete }
            if kind == UInt8(ascii: "R") {
                let verdict = judgeAuthentication(rest.dropFirst(5).prefix(length - 4))
                guard verdict == .harmless else { return verdict }
            }
            rest = rest.dropFirst(length + 1)
        }
        return .harmless
    }

    private mutating func judgeAuthentication(_ body: Slice<UnsafeRawBufferPointer>) -> Verdict {
        guard body.count >= 4 else { return .harmless }
        switch body.prefix(4).reduce(0, { $0 << 8 | Int($1) }) {
        case 0:
            isOver = true
            return .harmless
        case 11:
            // "r=NONCE,s=SALT,i=COUNT"; libpq takes no second one.
            isOver = true
            let fields = body.dropFirst(4).split(separator: UInt8(ascii: ","))
            guard let count = fields.first(where: { $0.starts(with: "i=".utf8) })?.dropFirst(2) else { return .harmless }
            let iterations = Int(String(decoding: count, as: UTF8.self))
            return (iterations ?? .max) <= AnswerLimits.scramIterations ? .harmless : .refused(iterations: iterations)
        default:
            return .harmless
        }
    }
}
