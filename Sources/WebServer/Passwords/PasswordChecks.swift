import NIOCore
import NIOPosix
import Synchronization

/// Tells whether credentials are right: one computation at a time, on a thread that is for nothing else.
final class PasswordChecks: Sendable {
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let cache = Mutex(VerdictCache())

    /// bcrypt looks at no more.
    private static let significant = 72
    /// Longer names are nobody's, and not kept.
    private static let longestName = 256

    init() {
        thread._start(threadNamePrefix: "passwords-")
    }

    deinit {
        // Nobody waits for its end.
        thread.shutdownGracefully { _ in }
    }

    /// - Parameter users: all who may log in now.
    func areRight(_ credentials: BasicCredentials, among users: [ConfiguredUser], on loop: any EventLoop) async throws -> Bool {
        let hash = users.first { $0.name == credentials.user }?.hash.value
        let isKnown = hash != nil
        let compared = hash ?? Bcrypt.dummy(cost: Self.highestCost(of: users))
        guard !credentials.password.contains(0) else { return false }
        let question = VerdictCache.Question(
            user: credentials.user,
            hash: compared,
            password: Array(credentials.password.prefix(Self.significant))
        )
        if let verdict = cache.withLock({ $0[question] }) { return verdict }
        let isMatch = try await thread.runIfActive(eventLoop: loop) { [self] in
            // Whoever waited behind somebody with the same question need not wait for the answer twice.
            if let verdict = cache.withLock({ $0[question] }) { return verdict }
            let isRight = Bcrypt.isMatch(question.password, hash: compared) && isKnown
            if question.user.count <= Self.longestName { cache.withLock { $0.note(question, isGood: isRight) } }
            return isRight
        }.get()
        return isMatch
    }

    private static func highestCost(of users: [ConfiguredUser]) -> Int {
        users.compactMap { PasswordHash.problem($0.hash.value) == nil ? PasswordHash.cost(of: $0.hash.value) : nil }.max() ?? 10
    }
}
