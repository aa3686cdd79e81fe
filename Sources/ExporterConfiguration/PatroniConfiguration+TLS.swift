extension PatroniConfiguration {
    /// How REST interfaces are trusted, and how the exporter proves who it is: the keys of Prometheus's own `tls_config`.
    package struct TLS: Sendable, Hashable {
        /// The absolute path of the certificates of the authorities to trust, PEM; nil: those of the system.
        package var caFile: String?
        /// The absolute path of the exporter's certificate, PEM; nil exactly when `keyFile` is.
        package var certFile: String?
        /// The absolute path of the certificate's private key, PEM.
        package var keyFile: String?
        /// Whether any certificate will do, for any host.
        package var insecureSkipVerify: Bool

        /// By default the authorities of the system are trusted, and the exporter has no certificate.
        package init(caFile: String? = nil, certFile: String? = nil, keyFile: String? = nil, insecureSkipVerify: Bool = false) {
            self.caFile = caFile
            self.certFile = certFile
            self.keyFile = keyFile
            self.insecureSkipVerify = insecureSkipVerify
        }
    }

    /// Whether any REST interface is asked by TLS.
    var usesTLS: Bool { urls.contains { $0.hasPrefix("https://") } }
}
