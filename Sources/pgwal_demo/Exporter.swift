import Foundation
import PostgresTestSupport

/// The exporter under demonstration.
struct Exporter {
    private let program: String
    private let address: ListenAddress

    /// Takes the program from the first argument or PGWAL_EXPORTER, else the one beside this program.
    init(address: ListenAddress) throws {
        let arguments = CommandLine.arguments.dropFirst()
        let own = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
        let beside = own.deletingLastPathComponent().appendingPathComponent("pgwal_exporter").path
        program = arguments.first ?? ProcessInfo.processInfo.environment["PGWAL_EXPORTER"] ?? beside
        self.address = address
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw SupportFailure("there is no exporter at \(program); run `make build`, or name the program as the argument")
        }
    }

    func start(configuration: String) async throws -> ChildProcess {
        let path = TemporaryRoot.path + "/exporter.yml"
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: path))
        return try await start(["--config.file", path], environment: [:])
    }

    /// Starts it on the server of PGWAL_DSN. The DSN goes through the environment, as it may hold a password that `ps` must
    /// not show; so do libpq's variables.
    func startOnServerOfTheUser() async throws -> ChildProcess {
        try await start([], environment: ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix("PG") })
    }

    private func start(_ arguments: [String], environment: [String: String]) async throws -> ChildProcess {
        let process = try ChildProcess(program, ["serve", "--web.listen-address", address.text] + arguments, environment: environment)
        _ = try await poll("the exporter answers /-/ready with 200") {
            HTTPProbe.status(port: address.port, path: "/-/ready")
        } until: {
            $0 == 200 || !process.isRunning
        }
        guard process.isRunning else { throw end(of: process) }
        return process
    }

    /// Waits until the exporter has ended, and says how.
    func waitForEnd(of process: ChildProcess) async throws -> SupportFailure {
        try await waitUntil("the exporter ends", timeout: forever) { !process.isRunning }
        return end(of: process)
    }

    func end(of process: ChildProcess) -> SupportFailure {
        let status = process.exitStatus.map { "\($0)" } ?? "still running"
        return SupportFailure("the exporter has ended (\(status)). Its log ends:\n\(process.output.suffix(3_000))")
    }
}
