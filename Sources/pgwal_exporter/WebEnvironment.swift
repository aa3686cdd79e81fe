import ArgumentParser
import WebServer

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Variables that stand in for flags of the web server, so that `serve` and `health` in one container or unit agree without repeating them.
enum WebEnvironment {
    private static let addressName = "PGWAL_WEB_LISTEN_ADDRESS"

    /// The addresses of flags, else of the environment, several with blanks between them, else the default.
    static func addresses(orElse flags: [ListenAddress]) throws -> [ListenAddress] {
        guard flags.isEmpty else { return flags }
        let words = (value(of: addressName) ?? ":10195").split(separator: " ")
        return try words.map { word in
            guard let address = ListenAddress(String(word)) else {
                StandardError.write("pgwal_exporter: \(addressName): '\(word)' is no address to listen on: expected [host]:port, or unix:/path\n")
                throw ExitCode.failure
            }
            return address
        }
    }

    static var configFile: String? { value(of: "PGWAL_WEB_CONFIG_FILE") }

    /// One that is set to nothing is not set.
    private static func value(of name: String) -> String? {
        guard let text = getenv(name).map({ String(cString: $0) }), text.contains(where: { $0 != " " }) else { return nil }
        return text
    }
}
