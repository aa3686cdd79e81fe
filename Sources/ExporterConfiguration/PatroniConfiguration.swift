/// A Patroni cluster, whose members become targets.
package struct PatroniConfiguration: Sendable, Hashable {
    /// The name of the cluster for people, and the label `cluster`; unique among the clusters, and without a slash.
    package var name: String
    /// The REST interfaces of some members, at least one: `http://host:8008`, without user and password.
    package var urls: [String]
    /// The connection string of each member, without host and port, which Patroni tells.
    package var dsn: Secret
    /// The absolute path of a file that holds the password of `dsn`'s user at each member, or nil; see `readPassword()`.
    package var passwordFile: String?
    /// Labels that the members' series and those of the cluster itself get. Never one that the exporter or Prometheus uses itself.
    package var labels: [String: String]
    /// The longest that a REST interface may take to answer. Within `Limits.timeout`.
    package var timeout: Duration
    /// How often the REST interface is asked. Within `Limits.interval`.
    package var interval: Duration
    /// How many members become targets, each with a connection. Within `Limits.maximumMembers`.
    package var maximumMembers: Int
    /// Where members may be: one elsewhere is not connected to, whatever Patroni says. Empty: anywhere.
    package var membersWithin: [AddressRange]
    /// By which name and password REST interfaces know the exporter; nil: they need not.
    package var basicAuth: BasicAuth?
    /// How REST interfaces with `https://` are trusted. Without such a URL it has its defaults.
    package var tls: TLS
    /// What should be there at each member. The role is `any`: it is for Patroni to decide.
    package var expectations: TargetConfiguration.Expectations

    /// A cluster that is asked every 5 s and has 2 s to answer, of which 64 members are watched wherever they are, has no labels of its own, and
    /// of which nothing is expected but what Patroni itself tells.
    package init(
        name: String,
        urls: [String],
        dsn: Secret,
        passwordFile: String? = nil,
        labels: [String: String] = [:],
        timeout: Duration = .seconds(2),
        interval: Duration = .seconds(5),
        maximumMembers: Int = 64,
        membersWithin: [AddressRange] = [],
        basicAuth: BasicAuth? = nil,
        tls: TLS = TLS(),
        expectations: TargetConfiguration.Expectations = TargetConfiguration.Expectations()
    ) {
        self.name = name
        self.urls = urls
        self.dsn = dsn
        self.passwordFile = passwordFile
        self.labels = labels
        self.timeout = timeout
        self.interval = interval
        self.maximumMembers = maximumMembers
        self.membersWithin = membersWithin
        self.basicAuth = basicAuth
        self.tls = tls
        self.expectations = expectations
    }

    /// The password in `passwordFile`, or nil without one. To be called at each connect, so that a password may change
    /// while the exporter runs.
    package func readPassword() throws(PasswordFileError) -> Secret? {
        guard let passwordFile else { return nil }
        return try PasswordFile.read(passwordFile)
    }

    /// A member as a target named `CLUSTER/MEMBER`, which no target of the file is called.
    ///
    /// - Parameters:
    ///   - member: the member's name in Patroni.
    ///   - dsn: this cluster's connection string with the member's host and port.
    package func target(member: String, dsn: Secret) -> TargetConfiguration {
        TargetConfiguration(
            name: "\(name)/\(member)",
            dsn: dsn,
            passwordFile: passwordFile,
            labels: labels,
            expectations: expectations
        )
    }
}
