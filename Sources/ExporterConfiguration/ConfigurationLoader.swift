internal import YAMLTree

/// Makes a configuration of a file, or of flags and the environment. Reports all mistakes together.
///
/// What other modules know is passed in: this one knows nothing of collectors, metrics and libpq.
package struct ConfigurationLoader: Sendable {
    static let sizeLimit = 1 << 20

    let knownCollectors: [String]
    let knownFindings: [String]
    let reservedLabels: Set<String>
    let reservedClusterLabels: Set<String>
    let validateDSN: @Sendable (String) -> String?
    let dsnKeywords: @Sendable (String) -> Set<String>
    let checkFile: @Sendable (String) -> String?
    let dsnFileProblems: @Sendable (_ dsn: String, _ hasPassword: Bool) -> [String]
    let remarksAboutPasswordFile: @Sendable (String) -> [Remark]

    /// - Parameters:
    ///   - knownCollectors: the names that `disable` and the collector flags may have.
    ///   - knownFindings: the codes that `silence` may name. By default there are none.
    ///   - reservedLabels: the label names that the metrics use. `target`, `job` and `instance`, and what the text formats
    ///     reserve (`le`, `quantile`), are always reserved besides.
    ///   - reservedClusterLabels: the label names that the metrics of a Patroni cluster use; its members' labels must avoid
    ///     `reservedLabels` besides.
    ///   - validateDSN: what is wrong with a connection string in one line that holds no part of it, or nil.
    ///   - dsnKeywords: the keywords to which a valid connection string gives a value; those of a URI too. By default none, so that a
    ///     host in the connection string of a cluster's members is not noticed.
    ///   - dsnFileProblems: what keeps the files that a valid connection string names from being of use; whether the password comes from elsewhere.
    ///     By default they are not looked at.
    ///   - remarksAboutPasswordFile: what is to be said of a password file (`PasswordFile.remarks`). By default it is not looked at.
    ///   - checkFile: why a file that must be there cannot be read (`cannot be read: …`), or nil. By default the file is read.
    package init(
        knownCollectors: [String],
        knownFindings: [String] = [],
        reservedLabels: Set<String>,
        reservedClusterLabels: Set<String> = ["cluster", "role", "slot_name", "state", "upstream_host", "url"],
        validateDSN: @escaping @Sendable (String) -> String?,
        dsnKeywords: @escaping @Sendable (String) -> Set<String> = { _ in [] },
        dsnFileProblems: @escaping @Sendable (_ dsn: String, _ hasPassword: Bool) -> [String] = { _, _ in [] },
        remarksAboutPasswordFile: @escaping @Sendable (String) -> [Remark] = { _ in [] },
        checkFile: @escaping @Sendable (String) -> String? = FileCheck.complaint
    ) {
        self.knownCollectors = knownCollectors
        self.knownFindings = knownFindings
        self.reservedLabels = reservedLabels.union(["target", "job", "instance", "le", "quantile"])
        self.reservedClusterLabels = reservedClusterLabels.union(self.reservedLabels)
        self.validateDSN = validateDSN
        self.dsnKeywords = dsnKeywords
        self.dsnFileProblems = dsnFileProblems
        self.remarksAboutPasswordFile = remarksAboutPasswordFile
        self.checkFile = checkFile
    }

    /// The configuration in a file when one is named, else a single target; see `loadFile` and `loadSingleTarget`. A file and
    /// a `--dsn` at once are an error.
    package func load(
        file: String?,
        dsn: String?,
        environment: [String: String],
        overrides: Overrides = Overrides()
    ) throws(ConfigurationError) -> Configuration {
        guard let file else { return try loadSingleTarget(dsn: dsn, environment: environment, overrides: overrides) }
        guard dsn == nil else {
            throw ConfigurationError(lines: ["--dsn: cannot be used with --config.file; put the connection string under 'targets' in \(file)"])
        }
        return try loadFile(file, overrides: overrides)
    }

    /// The configuration in a YAML file of at most 1 MiB.
    package func loadFile(_ path: String, overrides: Overrides = Overrides()) throws(ConfigurationError) -> Configuration {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.bytes(of: path, limit: Self.sizeLimit)
        } catch {
            throw ConfigurationError(lines: ["\(path): \(error.reason)"])
        }
        return try parse(bytes, file: path, overrides: overrides)
    }

    /// The configuration in the bytes of a file. The file's name is for messages, its folder for relative paths in it.
    package func parse(
        _ bytes: [UInt8],
        file: String,
        overrides: Overrides = Overrides()
    ) throws(ConfigurationError) -> Configuration {
        let log = ProblemLog(file: file)
        var configuration = Configuration(targets: [], origin: .file(file))
        let remarks = RemarkLog(file: file)
        if let root = Composer.compose(bytes, log: log) {
            let reader = ConfigurationReader(loader: self, folder: FilePath.absoluteFolder(of: file), remarks: remarks)
            reader.read(NodeReader(root: root, log: log), into: &configuration)
        }
        overrides.apply(to: &configuration.collection, knownCollectors: knownCollectors, log: log)
        guard log.isEmpty else { throw ConfigurationError(log) }
        configuration.remarks = remarks.remarks
        return configuration
    }
}

extension ConfigurationError {
    init(_ log: ProblemLog) {
        self.init(lines: log.sorted.map(\.description))
    }
}
