import NIOCore
import NIOPosix
import Synchronization

/// Tells whether credentials are right: one computation at a time, on a thread that is for nothing else.
final class PasswordChecks: Sendable {
    /// So many different questions wait for an answer already. More would wait for as long as somebody asks wrong ones.
    struct TooManyWaiting: Error {}

    private struct State {
        var cache = VerdictCache()
        var waiting: [VerdictCache.Question: EventLoopFuture<Bool>] = [:]
    }

    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(State())

    /// bcrypt looks at no more.
    private static let significant = 72
    /// Longer names are nobody's, and not kept.
    private static let longestName = 256
    private static let mostWaiting = 64

    init() {
        thread._start(threadNamePrefix: "passwords-")
    }

    deinit {
        // Nobody waits for its end.
        thread.shutdownGracefully { _ in }
    }

    /// - Parameter users: all who may log in now.
    /// - Throws: ``TooManyWaiting``.
    func areRight(_ credentials: BasicCredentials, among users: [ConfiguredUser], on loop: any EventLoop) async throws -> Bool {
        guard !credentials.password.contains(0), credentials.user.count <= Self.longestName else { return false }
        let hash = users.first { $0.name == credentials.user }?.hash.value
        let question = VerdictCache.Question(
            user: credentials.user,
            hash: hash ?? Bcrypt.dummy(cost: Self.highestCost(of: users)),
            password: Array(credentials.password.prefix(Self.significant))
        )
        return try await verdict(on: question, isKnown: hash != nil, loop: loop).get()
    }

    /// The answer when there is one, or the one that others wait for, or a new one.
    private func verdict(on question: VerdictCache.Question, isKnown: Bool, loop: any EventLoop) throws -> EventLoopFuture<Bool> {
        try state.withLock { state in
            if let verdict = state.cache[question] { return loop.makeSucceededFuture(verdict) }
            if let waiting = state.waiting[question] { return waiting }
            guard state.waiting.count < Self.mostWaiting else { throw TooManyWaiting() }
            let answer = thread.runIfActive(eventLoop: loop) { [self] in
                let isRight = Bcrypt.isMatch(question.password, hash: question.hash) && isKnown
                self.state.withLock { state in
                    state.cache.note(question, isGood: isRight)
                    state.waiting[question] = nil
                }
                return isRight
            }
            state.waiting[question] = answer
            return answer
        }
    }

    private static func highestCost(of users: [ConfiguredUser]) -> Int {
        users.compactMap { PasswordHash.problem($0.hash.value) == nil ? PasswordHash.cost(of: $0.hash.value) : nil }.max() ?? 10
    }
}
