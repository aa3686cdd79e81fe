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
        var configuration = Configuration(targets: [TargetConfiguration(name: name, dsn: Secret(dsn))], collection: collection, origin: origin)
        configuration.remarks = remarks(about: dsn, from: origin)
        return configuration
    }

    private func remarks(about dsn: String, from origin: Configuration.Origin) -> [Remark] {
        let remarks = RemarkLog(file: origin.description)
        if origin == .flag, !dsnKeywords(dsn).isDisjoint(with: Self.passwordKeywords) {
            let cure = "use PGWAL_DSN, ~/.pgpass, or password_file in a file for --config.file"
            remarks.add(.exposure("holds a password, which everybody on this machine sees in the list of processes; \(cure)"))
        }
        for problem in dsnFileProblems(dsn, false) { remarks.add(.obstacle(problem)) }
        return remarks.remarks
    }

    private static let passwordKeywords: Set = ["password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"]

    private func choose(dsn: String?, environment: [String: String]) -> (dsn: String, origin: Configuration.Origin) {
        if let dsn { return (dsn, .flag) }
        for variable in ["PGWAL_DSN", "DATA_SOURCE_NAME"] {
            // Compose files and unit files set variables to nothing where others leave them out.
            if let dsn = environment[variable], !dsn.isEmpty { return (dsn, .environment(variable)) }
        }
        return ("", .libpq)
    }
}
