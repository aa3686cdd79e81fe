internal import YAMLTree

extension ConfigurationLoader {
    /// The target's name when `PGWAL_TARGET_NAME` gives none.
    package static let defaultTargetName = "postgres"

    /// A configuration of one target, whose connection string is the first of: `--dsn` (also when empty), `PGWAL_DSN` and
    /// `DATA_SOURCE_NAME` (when not empty), and the empty string, by which libpq goes by its own environment.
    package func loadSingleTarget(
        dsn: String?,
        environment: [String: String],
        overrides: Overrides = Overrides()
    ) throws(ConfigurationError) -> Configuration {
        let (dsn, origin) = choose(dsn: dsn, environment: environment)
        let log = ProblemLog(file: origin.description)
        if origin == .environment("DATA_SOURCE_NAME"), ConnectionStrings.areSeveral(dsn) {
            log.add(at: nil, "holds several connection strings; name one here, or list them under 'targets' in a file for --config.file")
        } else if let complaint = validateDSN(dsn) {
            log.add(at: nil, complaint)
        }
        var name = Self.defaultTargetName
        if let given = environment["PGWAL_TARGET_NAME"], !given.isEmpty {
            name = given
            if let complaint = TextRules.complaint(aboutName: given) {
                log.add(Problem(file: "PGWAL_TARGET_NAME", message: complaint))
            }
        }
        var collection = CollectionConfiguration()
        overrides.apply(to: &collection, knownCollectors: knownCollectors, log: log)
        guard log.isEmpty else { throw ConfigurationError(log) }
        return Configuration(targets: [TargetConfiguration(name: name, dsn: Secret(dsn))], collection: collection, origin: origin)
    }

    private func choose(dsn: String?, environment: [String: String]) -> (dsn: String, origin: Configuration.Origin) {
        if let dsn { return (dsn, .flag) }
        for variable in ["PGWAL_DSN", "DATA_SOURCE_NAME"] {
            // Compose files and unit files set variables to nothing where others leave them out.
            if let dsn = environment[variable], !dsn.isEmpty { return (dsn, .environment(variable)) }
        }
        return ("", .libpq)
    }
}
