import Hummingbird
import Logging
import NIOCore
import NIOPosix
import PostgresTestSupport
import Synchronization
import Testing

@testable import WebServer

/// A server that says the same to everything.
struct HelloServer: Sendable {
    let port: Int
    let files: TestFiles
    /// Its configuration's name in the folder.
    let name: String

    /// Runs a test's work with a server of this configuration; none: plain HTTP.
    static func run<Result: Sendable>(
        _ yaml: String?,
        files: TestFiles? = nil,
        limits: ConnectionLimits = ConnectionLimits(),
        maximumConnections: Int = 100,
        _ body: @Sendable (HelloServer) async throws -> Result
    ) async throws -> Result {
        var used = files
        if used == nil { used = try await TestFiles.shared.value }
        guard let used else { throw SupportFailure("no files") }
        let name = try yaml.map { try used.configuration($0) } ?? ""
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let access = yaml == nil ? nil : try WebAccess(file: used.path(name), logger: logger)
        let group = MultiThreadedEventLoopGroup.singleton
        let server = WebServer(
            listeners: .addresses([.tcp(host: "127.0.0.1", port: 0)]),
            access: access,
            maximumConnections: maximumConnections,
            limits: limits,
            on: group,
            logger: logger
        )
        let router = Router()
        router.addMiddleware { AccessMiddleware(access, on: group) }
        router.get("/large") { _, _ in String(repeating: "Hello World!", count: 1_000_000) }
        router.get("/slow") { _, _ in
            try await Task.sleep(for: .milliseconds(500))
            return "Hello World!"
        }
        router.get("/") { _, _ in "Hello World!" }
        router.post("/") { request, _ in
            for try await _ in request.body {}
            return "Hello World!"
        }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let responder = router.buildResponder()
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await server.run(responder) { addresses in continuation.yield(addresses.first??.port ?? 0) }
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { throw SupportFailure("it does not listen") }
            let result = try await body(HelloServer(port: port, files: used, name: name))
            tasks.cancelAll()
            return result
        }
    }

    /// What curl says of a request.
    struct Answer: Sendable {
        let code: Int32
        let status: String
        let body: String
        /// Headers of the answer, and what curl says of the connection.
        let details: String
    }

    func curl(_ options: [String] = [], scheme: String = "https", path: String = "/") async throws -> Answer {
        let marker = "\u{1}"
        let outcome = try await ChildProcess.run(
            "curl",
            ["--silent", "--show-error", "--verbose", "--max-time", "15", "--cacert", files.path("ca.pem"), "--write-out", marker + "%{http_code}"]
                + options + ["\(scheme)://localhost:\(port)\(path)"]
        )
        let parts = outcome.output.split(separator: Character(marker), omittingEmptySubsequences: false)
        var code: Int32 = -1
        if case .code(let value) = outcome.status { code = Int32(value) }
        return Answer(code: code, status: parts.count > 1 ? String(parts[1]) : "", body: parts.first.map(String.init) ?? "", details: outcome.errors)
    }

    func certificate(_ name: String) -> [String] { ["--cert", files.path(name + ".crt"), "--key", files.path(name + ".key")] }

    func change(to yaml: String) throws { try files.write(name, yaml) }
}
