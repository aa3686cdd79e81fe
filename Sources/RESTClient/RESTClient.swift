package import NIOCore

/// Asks interfaces of HTTP, each by one GET on a connection of its own.
package struct RESTClient: Sendable {
    private let group: any EventLoopGroup
    private let trust: RESTTrust
    private let credentials: RESTCredentials?
    private let quotesRefusals: Bool

    /// - Parameters:
    ///   - group: where requests run; one thread is plenty.
    ///   - quotesRefusals: whether a line of an answer that is a refusal is told. What a stranger answers may hold anything, also what was sent to it, so
    ///     not where others read what is told.
    package init(on group: any EventLoopGroup, trust: RESTTrust, credentials: RESTCredentials?, quotesRefusals: Bool = false) {
        self.group = group
        self.trust = trust
        self.credentials = credentials
        self.quotesRefusals = quotesRefusals
    }

    /// The body of an answer with status 200.
    ///
    /// - Parameters:
    ///   - url: `http://` or `https://`, without user.
    ///   - limit: a longer answer is an error.
    /// - Throws: at the deadline at the latest; ``RESTFailure`` has words for it.
    package func body(of url: String, limit: Int = 1_048_576, until deadline: ContinuousClock.Instant) async throws -> [UInt8] {
        guard let address = RESTAddress(url) else { throw RESTFailure("not a URL of HTTP") }
        return try await Self.withDeadline(deadline) {
            let context = address.isTLS ? try await trust.context(on: group.any()) : nil
            let authorization = try await credentials?.header(on: group.any())
            let request = RESTRequest(
                address: address,
                tls: context,
                authorization: authorization,
                limit: limit,
                quotesRefusals: quotesRefusals
            )
            return try await request.body(on: group)
        }
    }

    private static func withDeadline<Value: Sendable>(
        _ deadline: ContinuousClock.Instant,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: work)
            group.addTask {
                // This is the deadline itself; it is cancelled when the answer comes first.
                try await Task.sleep(until: deadline)
                throw RESTFailure("no answer in time")
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
