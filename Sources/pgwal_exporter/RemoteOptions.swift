import ArgumentParser
import ExporterConfiguration
import NIOPosix
import RESTClient

/// A running exporter that is asked instead of the servers: it remembers what one look does not show.
struct RemoteOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Ask the exporter that runs there, with what it remembers, instead of the servers.",
            discussion: "http:// or https://, with the path under which a proxy serves it, if any; without user and password.",
            valueName: "url"
        )
    )
    var url: String?

    @Option(
        name: .customLong("ca-file"),
        help: ArgumentHelp("The certificates, in PEM, that are trusted instead of the system's.", valueName: "path")
    )
    var caFile: String?

    @OptionGroup
    var login: LoginOptions

    func validate() throws {
        guard let url else {
            guard login.isEmpty, caFile == nil else {
                throw ValidationError("--username, --ca-file and --cert are for the exporter at --url.")
            }
            return
        }
        let authority = url.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.contains("@") {
            CommandLineSecret.hide(url)
            throw ValidationError("--url takes neither user nor password: everyone on the machine can read a command line. See --password-file.")
        }
        guard RESTAddress(url) != nil, !url.contains("?"), !url.contains("#"), url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("--url must be http://host:port or https://host:port, as http://localhost:10195.")
        }
    }

    /// nil where the servers are to be asked.
    /// - Throws: ValidationError where both are named.
    func exporter(instead connection: ConnectionOptions) throws -> RemoteExporter? {
        guard url != nil else { return nil }
        let source = connection.source
        guard source.file == nil, source.dsn == nil else {
            throw ValidationError("--url asks a running exporter, --config.file and --dsn the servers: one of them.")
        }
        return exporter(within: connection.timeout.map { $0 + .seconds(2) })
    }

    /// nil without a URL.
    func exporter(within timeout: Duration? = nil) -> RemoteExporter? {
        guard let url else { return nil }
        let credentials = login.username.flatMap { name in
            login.passwordFile.map { path in RESTCredentials(username: name) { try PasswordFile.read(path).reveal() } }
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let trust = RESTTrust(.init(caFile: caFile, certFile: login.cert, keyFile: login.key))
        return RemoteExporter(
            url: url.hasSuffix("/") ? String(url.dropLast()) : url,
            client: RESTClient(on: group, trust: trust, credentials: credentials, quotesRefusals: true),
            group: group,
            timeout: timeout ?? .seconds(12)
        )
    }
}
