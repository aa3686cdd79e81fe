import RESTClient

/// How a cluster's REST interfaces are asked.
package struct PatroniOptions: Sendable, Hashable {
    /// The REST interfaces of some members, `http://host:8008` or `https://…`, without user and password.
    package var urls: [String]
    /// PEM file with the certificates that are trusted instead of the system's; nil: the system's.
    package var caFile: String?
    /// PEM file with the client's certificate, followed by those of its issuers; nil: none.
    package var certFile: String?
    /// PEM file with the key of the client's certificate; nil: it is in `certFile`.
    package var keyFile: String?
    /// Takes any certificate of any server.
    package var insecureSkipVerify: Bool
    /// For each request, from the connection to the last byte.
    package var timeout: Duration

    package init(
        urls: [String],
        caFile: String? = nil,
        certFile: String? = nil,
        keyFile: String? = nil,
        insecureSkipVerify: Bool = false,
        timeout: Duration = .seconds(5)
    ) {
        self.urls = urls
        self.caFile = caFile
        self.certFile = certFile
        self.keyFile = keyFile
        self.insecureSkipVerify = insecureSkipVerify
        self.timeout = timeout
    }

    var trust: RESTTrust.Options {
        .init(caFile: caFile, certFile: certFile, keyFile: keyFile, insecureSkipVerify: insecureSkipVerify)
    }
}
