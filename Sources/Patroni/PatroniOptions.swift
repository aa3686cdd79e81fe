package import RESTClient

/// How a cluster's REST interfaces are asked.
package struct PatroniOptions: Sendable, Hashable {
    /// The REST interfaces of some members, `http://host:8008` or `https://…`, without user and password.
    package var urls: [String]
    /// Whom TLS trusts, and as whom the exporter comes.
    package var trust: RESTTrust.Options
    /// For each request, from the connection to the last byte.
    package var timeout: Duration

    package init(urls: [String], trust: RESTTrust.Options = .init(), timeout: Duration = .seconds(5)) {
        self.urls = urls
        self.trust = trust
        self.timeout = timeout
    }
}
