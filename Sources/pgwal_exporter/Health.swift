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

    @OptionGroup
    var login: LoginOptions

    @Option(help: ArgumentHelp("How long to wait. (default: 5s)", valueName: "duration"), transform: duration)
    var timeout = Duration.seconds(5)

    func run() throws {
        let check = HealthCheck(address: try WebEnvironment.addresses(orElse: addresses)[0], tls: try tls(), login: try credentials())
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
        let certificate = login.cert.flatMap { cert in login.key.map { (cert, $0) } }
        do throws(WebConfigurationError) {
            return try HealthTLS.configured(by: file, certificate: certificate)
        } catch {
            throw ExitCode(unhealthy(error.lines.joined(separator: "; ")))
        }
    }

    private func credentials() throws -> HealthCheck.Login? {
        guard let username = login.username, let passwordFile = login.passwordFile else { return nil }
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
