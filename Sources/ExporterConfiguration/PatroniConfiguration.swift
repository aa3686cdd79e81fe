/// A Patroni cluster, whose members become targets.
package struct PatroniConfiguration: Sendable, Hashable {
    /// The name of the cluster for people; unique among the clusters.
    package var name: String
    /// The REST interfaces of some members, at least one: `http://host:8008`, without user and password.
    package var urls: [String]
    /// The connection string of each member, without host and port, which Patroni tells.
    package var dsn: Secret

    /// Describes a cluster; there are no defaults.
    package init(name: String, urls: [String], dsn: Secret) {
        self.name = name
        self.urls = urls
        self.dsn = dsn
    }
}
