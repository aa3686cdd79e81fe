import NIOCore
import NIOSSL
import YAMLTree

/// TLS to an exporter whose own file is at hand: its certificate is the one that this file names, whatever name and authority are in it.
package struct HealthTLS: Sendable {
    private let context: NIOSSLContext
    /// In DER. The file is read by the exporter for each handshake and here for each question, so they are the same.
    private let expected: [UInt8]

    /// What a web configuration file asks for; nil: plain HTTP.
    /// - Parameters:
    ///   - path: the file of `--web.config.file`.
    ///   - certificate: a client's own, and its key: paths of files in PEM.
    /// - Throws: why the files cannot be used.
    package static func configured(
        by path: String,
        certificate: (chain: String, key: String)?
    ) throws(WebConfigurationError) -> HealthTLS? {
        guard let section = try WebConfigurationFile(path: path).read().configuration.get().tls, section.isConfigured else { return nil }
        let contents = try section.readContents()
        guard let leaf = try? NIOSSLCertificate.fromPEMBytes(contents.certificate).first, let bytes = try? leaf.toDERBytes() else {
            throw WebConfigurationError(lines: ["\(path): cert_file: there is no certificate in PEM"])
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        // What the exporter allows may be older than what clients are used to.
        configuration.minimumTLSVersion = section.minimumVersion.version
        if let certificate {
            guard let chain = try? NIOSSLCertificate.fromPEMFile(certificate.chain), !chain.isEmpty,
                let key = try? NIOSSLPrivateKey(file: certificate.key, format: .pem)
            else { throw WebConfigurationError(lines: ["the client's certificate or its key cannot be used"]) }
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(key)
        }
        guard let context = try? NIOSSLContext(configuration: configuration) else {
            throw WebConfigurationError(lines: ["the client's key does not fit its certificate"])
        }
        return HealthTLS(context: context, expected: bytes)
    }

    func handler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: nil) { [expected] chain, promise in
            promise.succeed((try? chain.first?.toDERBytes()) == expected ? .certificateVerified : .failed)
        }
    }

    /// What a failed handshake says of the exporter.
    static func outcome(of error: any Error) -> HealthCheck.Outcome {
        // It has made its handshake, and wants to know who asks.
        let text = "\(error)".uppercased()
        if text.contains("CERTIFICATE_REQUIRED") || text.contains("HANDSHAKE_FAILURE_ON_CLIENT") {
            return .healthy("it answers; whether it is healthy it tells only to a client with a certificate: see --cert and --key")
        }
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return .unhealthy("its certificate is not the one of cert_file") }
        if error is NIOSSLError || error is BoringSSLError { return .unhealthy("the TLS handshake failed") }
        return .unhealthy("its answer is none of HTTP")
    }
}
