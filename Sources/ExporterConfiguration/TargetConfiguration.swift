/// One PostgreSQL server to watch.
package struct TargetConfiguration: Sendable, Hashable {
    /// The value of the label `target`; unique among the targets.
    package var name: String
    /// A connection string or URI of libpq. Empty: libpq's own environment, service and password files decide.
    package var dsn: Secret
    /// The absolute path of a file that holds the password, or nil. It wins over a password in `dsn`; see `readPassword()`.
    package var passwordFile: String?
    /// The absolute path of pg_wal as the exporter sees it, or nil: it is looked for where the server says that its data is.
    package var walDirectory: String?
    /// Labels that this target's series get besides `target`. Never one that the exporter or Prometheus uses itself.
    package var labels: [String: String]
    /// What should be there; the findings and metrics tell what is not.
    package var expectations: Expectations

    /// A target that expects nothing, has no labels of its own, and whose password, if any, is libpq's business.
    package init(
        name: String,
        dsn: Secret,
        passwordFile: String? = nil,
        walDirectory: String? = nil,
        labels: [String: String] = [:],
        expectations: Expectations = Expectations()
    ) {
        self.name = name
        self.dsn = dsn
        self.passwordFile = passwordFile
        self.walDirectory = walDirectory
        self.labels = labels
        self.expectations = expectations
    }

    /// The password in `passwordFile`, or nil without one. To be called at each connect, so that a password may change
    /// while the exporter runs.
    package func readPassword() throws(PasswordFileError) -> Secret? {
        guard let passwordFile else { return nil }
        return try PasswordFile.read(passwordFile)
    }
}
