import ExporterConfiguration
import Monitoring

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where the configuration comes from: what the command line and the environment said at the start, and the file as it is now.
struct ConfigurationSource: Sendable {
    /// nil: there is a single target.
    let file: String?
    let dsn: String?
    let overrides: Overrides

    /// Reads the configuration, with the files that it names. It may take as long as a disk does.
    /// - Throws: everything that is wrong with it.
    func load() throws(ConfigurationError) -> Configuration {
        try ConfigurationLoader.exporter.load(file: file, dsn: dsn, environment: Self.environment, overrides: overrides)
    }

    /// The variables that name a single target. What libpq itself reads is left to it.
    private static var environment: [String: String] {
        var values: [String: String] = [:]
        for name in ["PGWAL_DSN", "DATA_SOURCE_NAME", "PGWAL_TARGET_NAME"] {
            values[name] = getenv(name).map { String(cString: $0) }
        }
        return values
    }
}
