import Foundation

/// A certificate that vouches for itself, for a server or a client, made by the openssl command.
package struct TestCertificate: Sendable {
    /// The certificate, PEM.
    package let certificate: String
    /// Its key, which only its owner may read: the servers' user.
    package let key: String
    /// Both in one file.
    package let bundle: String

    /// Makes one.
    ///
    /// - Parameters:
    ///   - subject: the common name; for a client, its role.
    ///   - name: what it is for: `IP:127.0.0.1`.
    package static func make(subject: String = "test", name: String = "IP:127.0.0.1,DNS:localhost") async throws -> TestCertificate {
        let stem = TemporaryRoot.uniquePath("certificate")
        let files = TestCertificate(certificate: stem + ".crt", key: stem + ".key", bundle: stem + ".pem")
        try await ChildProcess.check(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(subject)", "-addext", "subjectAltName=\(name)",
                "-keyout", files.key, "-out", files.certificate,
            ]
        )
        let both = try [files.key, files.certificate].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        try (both[0] + both[1]).write(to: URL(fileURLWithPath: files.bundle))
        chmod(files.key, 0o600)
        try ServerUser.unprivileged?.own(files.key)
        return files
    }
}
