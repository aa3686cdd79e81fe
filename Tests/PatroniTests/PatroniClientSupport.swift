import NIOPosix
import NIOSSL
import RESTClient
import ReplicationModel

@testable import Patroni

/// What a healthy member answers.
@Sendable func healthy(_ path: String) -> TestServer.Reply {
    switch path {
    case "/patroni": .body(Recordings.status4)
    case "/cluster": .body(Recordings.healthy4)
    case "/config": .body(Recordings.settings4)
    case "/history": .body(Recordings.history4)
    default: .body("", status: 404)
    }
}

/// One poll by a client of its own.
func poll(
    _ urls: [String],
    _ options: PatroniOptions? = nil,
    previous: PatroniCluster? = nil,
    credentials: RESTCredentials? = nil,
    timeout: Duration = .seconds(60),
    deadline: Duration = .seconds(120),
    at time: Double = 1_000
) async -> PatroniCluster {
    var options = options ?? PatroniOptions(urls: urls)
    options.timeout = timeout
    return await withClient(options, credentials, at: time) { await $0.poll(previous: previous, until: .now + deadline) }
}

func withClient<Result>(
    _ options: PatroniOptions,
    _ credentials: RESTCredentials? = nil,
    at time: Double = 1_000,
    _ body: (PatroniClient) async throws -> Result
) async rethrows -> Result {
    let connections = PatroniConnections(group: MultiThreadedEventLoopGroup.singleton)
    let client = PatroniClient(
        name: "a",
        labels: ["site": "1"],
        options: options,
        credentials: credentials,
        connections: connections,
        clock: { time }
    )
    return try await body(client)
}

func withServer<Result>(
    tls: NIOSSLContext? = nil,
    _ reply: @escaping @Sendable (String) -> TestServer.Reply,
    _ body: (TestServer) async throws -> Result
) async throws -> Result {
    let server = try await TestServer.start(tls: tls, reply)
    do {
        let result = try await body(server)
        try await server.stop()
        return result
    } catch {
        try? await server.stop()
        throw error
    }
}
