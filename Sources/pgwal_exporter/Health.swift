import ArgumentParser
import ExporterConfiguration
import NIOCore
import NIOPosix
import WebServer

/// Asks an exporter on this machine whether it is healthy.
struct Health: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask the exporter that listens here whether it is healthy: for containers and scripts.",
        discussion: """
            Exits with status 0 when it is, with 1 when it is not, or does not answer in time. Asks /-/healthy at the first address.

            With the web configuration of the exporter it speaks TLS where that says so, and takes the certificate of cert_file, no other. \
            Where a user or a client's certificate is needed and none is given here, it is enough that the exporter answers.
            """
    )

    @Option(
        name: .customLong("web.listen-address"),
        help: ArgumentHelp("Where the exporter listens. (default: PGWAL_WEB_LISTEN_ADDRESS, :10195)", valueName: "[host]:port"),
        transform: WebArguments.listenAddress
    )
    var addresses: [ListenAddress] = []

    @Option(
        name: .customLong("web.config.file"),
        help: ArgumentHelp("The exporter's own web configuration. (default: PGWAL_WEB_CONFIG_FILE)", valueName: "path")
    )
    var configFile: String?

    @Option(help: ArgumentHelp("One of its users.", valueName: "name"))
    var username: String?

    @Option(name: .customLong("password-file"), help: ArgumentHelp("A file with that user's password.", valueName: "path"))
    var passwordFile: String?

    @Option(help: ArgumentHelp("A client's certificate, in PEM.", valueName: "path"))
    var cert: String?

    @Option(help: ArgumentHelp("Its key, in PEM.", valueName: "path"))
    var key: String?

    @Option(help: ArgumentHelp("How long to wait. (default: 5s)", valueName: "duration"), transform: duration)
    var timeout = Duration.seconds(5)

    func validate() throws {
        guard (username == nil) == (passwordFile == nil) else { throw ValidationError("--username and --password-file go together.") }
        guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key go together.") }
    }

    func run() throws {
        let check = HealthCheck(address: try WebEnvironment.addresses(orElse: addresses)[0], tls: try tls(), login: try login())
        let limit = TimeAmount.milliseconds(max(1, timeout.components.seconds * 1000 + timeout.components.attoseconds / 1_000_000_000_000_000))
        switch try check.outcome(within: limit, on: MultiThreadedEventLoopGroup(numberOfThreads: 1)).wait() {
        case .healthy(let words):
            StandardOutput.write(words + "\n")
            ProcessEnd.now(0)
        case .unhealthy(let reason): ProcessEnd.now(unhealthy(reason))
        }
    }

    private func tls() throws -> HealthTLS? {
        guard let file = configFile ?? WebEnvironment.configFile else { return nil }
        let certificate = cert.flatMap { cert in key.map { (cert, $0) } }
        do throws(WebConfigurationError) {
            return try HealthTLS.configured(by: file, certificate: certificate)
        } catch {
            throw ExitCode(unhealthy(error.lines.joined(separator: "; ")))
        }
    }

    private func login() throws -> HealthCheck.Login? {
        guard let username, let passwordFile else { return nil }
        do throws(PasswordFileError) {
            return .init(name: username, password: try PasswordFile.read(passwordFile).reveal())
        } catch {
            throw ExitCode(unhealthy("\(error)"))
        }
    }

    private func unhealthy(_ reason: String) -> Int32 {
        StandardError.write("pgwal_exporter: not healthy: \(reason)\n")
        return 1
    }

    private static func duration(_ text: String) throws -> Duration {
        let limit: Duration
        do throws(ConfigurationError) {
            limit = try Overrides.duration(text)
        } catch {
            throw ValidationError(error.lines.joined(separator: "; "))
        }
        guard limit >= .milliseconds(1), limit <= .seconds(300) else { throw ValidationError("expected 1ms to 5m") }
        return limit
    }
}
