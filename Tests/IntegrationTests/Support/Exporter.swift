import PostgresTestSupport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The built exporter, as a process of its own.
final class Exporter: Sendable {
    let process: ChildProcess
    private let reservation: PortReservation
    private let arguments: [String]
    private let scheme: String
    private let curl: [String]

    /// Where the build put it: beside the tests.
    static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let tests = String(decoding: buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return tests[..<(tests.lastIndex(of: "/") ?? tests.endIndex)] + "/pgwal_exporter"
    }()

    var port: Int { reservation.port }
    var url: String { "\(scheme)://127.0.0.1:\(port)" }

    /// Starts it and waits until it is ready. `shell` is a line of bash that comes before it, such as a limit, or redirects its output;
    /// `curl` are options that each request needs.
    init(
        _ arguments: [String],
        environment: [String: String] = [:],
        shell: String? = nil,
        scheme: String = "http",
        curl: [String] = []
    ) async throws {
        reservation = try PortReservation()
        self.arguments = arguments
        self.scheme = scheme
        self.curl = curl
        let command = [Self.path, "serve", "--web.listen-address", "127.0.0.1:\(reservation.port)"] + arguments
        let words = Self.words(command, shell: shell)
        process = try ChildProcess(words[0], Array(words.dropFirst()), environment: environment)
        try await waitUntil("the exporter is ready") {
            guard process.isRunning else { throw SupportFailure("it ended: \(process.output)") }
            return try await HTTP.get("\(url)/-/ready", curl).status == 200
        }
    }

    /// Starts it with a configuration file of these targets.
    convenience init(targets: [(name: String, conninfo: String)], collection: String = "") async throws {
        try await self.init(["--config.file", Self.file(Self.configuration(targets, collection: collection))])
    }

    /// The command, or a shell that does something before it becomes the command.
    static func words(_ command: [String], shell: String?) -> [String] {
        shell.map { ["/bin/bash", "-c", "\($0)\nexec \"$@\"", "bash"] + command } ?? command
    }

    /// What it says before it ends with status 1.
    static func refusal(_ arguments: [String]) async throws -> String {
        let outcome = try await ChildProcess.run(path, ["serve"] + arguments)
        guard outcome.status == .code(1) else { throw SupportFailure("\(outcome.status): \(outcome.errors)") }
        return outcome.errors
    }

    static func configuration(_ targets: [(name: String, conninfo: String)], collection: String = "") -> String {
        targets.map { "  - {name: \"\($0.name)\", dsn: \"\($0.conninfo)\"}\n" }.reduce("targets:\n", +)
            + (collection.isEmpty ? "" : "collection: {\(collection)}\n")
    }

    /// A new file with this content.
    static func file(_ content: String) throws -> String {
        let path = TemporaryRoot.uniquePath("exporter") + ".yml"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw SupportFailure("cannot write \(path)") }
        defer { close(file) }
        guard content.withCString({ write(file, $0, strlen($0)) }) == content.utf8.count else { throw SupportFailure("cannot write \(path)") }
        return path
    }

    /// Puts other content in the place of a file, all at once.
    static func replace(_ path: String, with content: String) throws {
        let new = try file(content)
        guard rename(new, path) == 0 else { throw SupportFailure("cannot replace \(path)") }
    }

    /// A scrape as Prometheus makes it with a limit of ten seconds.
    func page(_ path: String = "/metrics") async throws -> Page {
        let answer = try await HTTP.get(url + path, ["--header", "X-Prometheus-Scrape-Timeout-Seconds: 10"] + curl)
        guard answer.status == 200 else { throw SupportFailure("\(path): \(answer.status) \(answer.body)") }
        return try Page(answer.body)
    }

    /// Scrapes until the page is as wanted, doing something before each scrape.
    func page(
        until what: String,
        timeout: Duration = .seconds(30),
        _ isWanted: (Page) throws -> Bool,
        before: () async throws -> Void = {}
    ) async throws -> Page {
        var last: Page?
        do {
            try await waitUntil(what, timeout: timeout) {
                try await before()
                let page = try await self.page()
                last = page
                return try isWanted(page)
            }
        } catch {
            throw SupportFailure(
                "\(error)\nlast page:\n\(last?.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n") ?? "none")"
                    + "\nlog:\n\(process.output.split(separator: "\n").suffix(20).joined(separator: "\n"))"
            )
        }
        guard let last else { throw SupportFailure("\(what): no page") }
        return last
    }

    func stop() async {
        await process.terminate()
    }
}

/// Runs a test's work with an exporter that is ended afterwards.
func withExporter<Result>(
    _ exporter: Exporter,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Exporter) async throws -> Result
) async throws -> Result {
    do {
        let result = try await body(exporter)
        await exporter.stop()
        return result
    } catch {
        await exporter.stop()
        throw error
    }
}
