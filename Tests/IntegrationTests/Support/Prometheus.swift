import PostgresTestSupport

/// The real Prometheus.
struct Prometheus {
    private let process: ChildProcess
    private let port: PortReservation

    /// - Parameter folder: where it keeps its data.
    init(configuration: String, in folder: String) async throws {
        port = try PortReservation()
        process = try ChildProcess(
            "prometheus",
            [
                "--config.file=\(try Exporter.file(configuration))", "--storage.tsdb.path=\(folder)/data",
                "--web.listen-address=127.0.0.1:\(port.port)", "--log.level=warn",
            ]
        )
        let url = "http://127.0.0.1:\(port.port)/-/ready"
        try await waitUntil("Prometheus is ready") {
            guard process.isRunning else { throw SupportFailure(process.output) }
            return try await HTTP.get(url).status == 200
        }
    }

    /// With a job a port.
    init(scraping ports: [String: Int], in folder: String) async throws {
        let jobs = ports.map { "  - {job_name: \($0), scrape_interval: 1s, static_configs: [{targets: ['127.0.0.1:\($1)']}]}\n" }
        try await self.init(configuration: "scrape_configs:\n" + jobs.joined(), in: folder)
    }

    /// The values of an instant query.
    func query(_ expression: String) async throws -> [String] {
        let answer = try await HTTP.get(
            "http://127.0.0.1:\(port.port)/api/v1/query",
            ["--get", "--data-urlencode", "query=\(expression)"]
        )
        guard answer.status == 200 else { throw SupportFailure("\(expression): \(answer.body)") }
        // "value":[1700000000.123,"2"]
        return answer.body.split(separator: "\"value\":[").dropFirst().compactMap { $0.split(separator: "\"").dropFirst().first.map(String.init) }
    }

    func stop() async {
        await process.terminate()
    }
}
