import NIOCore
import NIOSSL
import YAMLTree

/// All that a handshake needs to know.
struct TLSSetup: Sendable {
    let context: NIOSSLContext
    /// A client's certificate passes whoever signed it.
    let acceptsAnyCertificate: Bool
    /// One of these must be in the client's certificate, and there must be one; nil: no check.
    let allowedSANs: [String]?

    init(_ section: TLSSection, _ contents: TLSContents) throws(WebConfigurationError) {
        let type = ClientAuthType(name: section.clientAuthType?.value ?? "") ?? .noClientCert
        acceptsAnyCertificate = type == .requestClientCert || type == .requireAnyClientCert
        allowedSANs = type == .noClientCert ? nil : section.clientAllowedSANs
        var configuration = try Self.identity(section, contents)
        configuration.setVersions(from: section)
        configuration.setClientAuthentication(type, authorities: contents.authorities)
        configuration.applicationProtocols = ["http/1.1"]
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Self.unfit(section, "the key does not fit the certificate, or the library refuses one of them")
        }
    }

    private static func identity(_ section: TLSSection, _ contents: TLSContents) throws(WebConfigurationError) -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(contents.certificate)
        } catch {
            throw unfit(section, "there is no certificate in PEM")
        }
        guard !chain.isEmpty else { throw unfit(section, "there is no certificate in PEM") }
        do {
            let key = try NIOSSLPrivateKey(bytes: contents.key, format: .pem)
            return .makeServerConfiguration(certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        } catch {
            throw unfit(section, "there is no private key in PEM; one with a passphrase cannot be used")
        }
    }

    private static func unfit(_ section: TLSSection, _ reason: String) -> WebConfigurationError {
        let place = (section.certFile ?? section.cert)?.place ?? section.place
        return WebConfigurationError([place.problem("failed to load X509KeyPair: \(reason)")])
    }

    /// One that ends every handshake with the alert that says it is the server's fault. Of a setup that works.
    static func refusing(_ section: TLSSection, _ contents: TLSContents) throws(WebConfigurationError) -> TLSSetup {
        var configuration = try identity(section, contents)
        configuration.minimumTLSVersion = .tlsv1
        configuration.sslContextCallback = { _, promise in promise.fail(ConfigurationUnusable()) }
        do {
            return TLSSetup(context: try NIOSSLContext(configuration: configuration))
        } catch {
            throw unfit(section, "the key does not fit the certificate")
        }
    }

    private init(context: NIOSSLContext) {
        self.context = context
        acceptsAnyCertificate = false
        allowedSANs = nil
    }

    private struct ConfigurationUnusable: Error {}

    /// The handler that speaks TLS.
    func handler() -> NIOSSLServerHandler {
        guard acceptsAnyCertificate else { return NIOSSLServerHandler(context: context) }
        return NIOSSLServerHandler(context: context) { _, promise in promise.succeed(.certificateVerified) }
    }
}

extension TLSConfiguration {
    fileprivate mutating func setVersions(from section: TLSSection) {
        minimumTLSVersion = section.minimumVersion.version
        maximumTLSVersion = section.maximumVersion.version
        let chosen = section.cipherSuites.isEmpty ? CipherSuite.allCases : section.cipherSuites
        let older = chosen.filter { !$0.isOfTLS13 }.map(\.rawValue)
        if older.isEmpty {
            // The library cannot have no cipher for TLS 1.2; without TLS 1.2 it comes to the same.
            minimumTLSVersion = .tlsv13
        } else {
            cipherSuites = older.joined(separator: ":")
        }
        let curves: [NIOTLSCurve] = section.curves.map(\.curve)
        self.curves = curves.isEmpty ? [.x25519_MLKEM768, .x25519, .secp256r1, .secp384r1, .secp521r1] : curves
        // The library's own list, and what else clients' certificates may be signed with.
        verifySignatureAlgorithms = [
            .ecdsaSecp256R1Sha256, .rsaPssRsaeSha256, .rsaPkcs1Sha256, .ecdsaSecp384R1Sha384, .rsaPssRsaeSha384, .rsaPkcs1Sha384,
            .rsaPssRsaeSha512, .rsaPkcs1Sha512, .ed25519, .ecdsaSecp521R1Sha512, .rsaPkcs1Sha1,
        ]
    }

    fileprivate mutating func setClientAuthentication(_ type: ClientAuthType, authorities: [UInt8]?) {
        switch type {
        case .noClientCert: certificateVerification = .none
        case .requestClientCert, .verifyClientCertIfGiven: certificateVerification = .optionalVerification
        case .requireAnyClientCert, .requireAndVerifyClientCert: certificateVerification = .noHostnameVerification
        }
        guard type != .noClientCert else { return }
        guard let authorities else {
            if type == .requestClientCert || type == .requireAnyClientCert { trustRoots = .certificates([]) }
            return
        }
        // Text without a certificate trusts nobody.
        let certificates = (try? NIOSSLCertificate.fromPEMBytes(authorities)) ?? []
        trustRoots = .certificates(certificates)
        sendCANameList = true
    }
}

extension TLSProtocolVersion {
    var version: TLSVersion {
        switch self {
        case .tls10: .tlsv1
        case .tls11: .tlsv11
        case .tls12: .tlsv12
        case .tls13: .tlsv13
        }
    }
}

extension CurveName {
    fileprivate var curve: NIOTLSCurve {
        switch self {
        case .p256: .secp256r1
        case .p384: .secp384r1
        case .p521: .secp521r1
        case .x25519: .x25519
        }
    }
}
