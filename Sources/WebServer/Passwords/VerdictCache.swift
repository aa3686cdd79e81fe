/// What bcrypt said of users' passwords, so that it need not be asked again for each scrape.
struct VerdictCache: Sendable {
    /// Apart in its parts, so that no two questions are one. A changed hash is a new question.
    struct Question: Sendable, Hashable {
        var user: [UInt8]
        var hash: String
        var password: [UInt8]
    }

    static let limit = 100
    /// How many make room for a new one when there are too many.
    private static let evicted = 11

    /// Apart, so that a flood of wrong passwords does not push the right ones out.
    private(set) var good: Set<Question> = []
    private(set) var bad: Set<Question> = []

    subscript(question: Question) -> Bool? {
        if good.contains(question) { return true }
        return bad.contains(question) ? false : nil
    }

    mutating func note(_ question: Question, isGood: Bool) {
        if isGood { Self.insert(question, into: &good) } else { Self.insert(question, into: &bad) }
    }

    private static func insert(_ question: Question, into set: inout Set<Question>) {
        if set.count >= limit, !set.contains(question) {
            for _ in 0..<evicted {
                guard let victim = set.randomElement() else { break }
                set.remove(victim)
            }
        }
        set.insert(question)
    }
}
