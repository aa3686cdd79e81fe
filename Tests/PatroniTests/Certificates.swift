import NIOSSL
import PostgresTestSupport

/// A certificate that vouches for itself, made by the openssl command.
struct Certificates {
    let authority: String
    let certificate: String
    let key: String

    static func make(name: String = "IP:127.0.0.1") async throws -> Certificates {
        let stem = TemporaryRoot.uniquePath("tls")
        let files = Certificates(authority: stem + ".ca", certificate: stem + ".crt", key: stem + ".key")
        try await ChildProcess.check(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=\(name)",
                "-keyout", files.key, "-out", files.certificate,
            ]
        )
        try await ChildProcess.check("/bin/cp", [files.certificate, files.authority])
        return files
    }

    func server(asksClients: Bool = false) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        )
        if asksClients {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(authority)
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
