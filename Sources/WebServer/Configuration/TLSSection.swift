/// The section `tls_server_config`.
struct TLSSection: Sendable {
    var place: Place
    /// Absolute, or relative to the process's own folder.
    var certFile: Placed<String>?
    /// PEM itself; the file wins.
    var cert: Placed<String>?
    var keyFile: Placed<String>?
    var key: Placed<String>?
    var clientCAFile: Placed<String>?
    var clientCA: Placed<String>?
    /// As written: a wrong one hurts handshakes alone.
    var clientAuthType: Placed<String>?
    /// nil: no check. Empty: nobody passes.
    var clientAllowedSANs: [String]?
    var minimumVersion = TLSProtocolVersion.tls12
    var maximumVersion = TLSProtocolVersion.tls13
    /// Empty: all that are known.
    var cipherSuites: [CipherSuite] = []
    /// Empty: all that are known, and what is newer than them.
    var curves: [CurveName] = []

    /// Whether anything here asks for TLS.
    var isConfigured: Bool {
        [certFile, cert, keyFile, key, clientCAFile, clientCA, clientAuthType].contains { $0 != nil }
    }
}

/// A version of TLS by the name that the file has for it.
enum TLSProtocolVersion: String, CaseIterable, Sendable {
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"
}

/// A curve by the name that the file has for it.
enum CurveName: String, CaseIterable, Sendable {
    case p256 = "CurveP256"
    case p384 = "CurveP384"
    case p521 = "CurveP521"
    case x25519 = "X25519"
}

/// A cipher suite by its name at IANA.
enum CipherSuite: String, CaseIterable, Sendable {
    case TLS_AES_128_GCM_SHA256
    case TLS_AES_256_GCM_SHA384
    case TLS_CHACHA20_POLY1305_SHA256
    case TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    case TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    case TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    case TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
    case TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
    case TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
    case TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
    case TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
    case TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA
    case TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA

    /// TLS 1.3 has suites of its own, which are always on.
    var isOfTLS13: Bool { !rawValue.hasPrefix("TLS_ECDHE_") }

    /// One of the two that HTTP/2 demands.
    var isRequiredByHTTP2: Bool {
        self == .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 || self == .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    }
}

/// Whether clients are asked for a certificate, and what is demanded of it.
enum ClientAuthType: String, CaseIterable, Sendable {
    case noClientCert = "NoClientCert"
    case requestClientCert = "RequestClientCert"
    case requireAnyClientCert = "RequireAnyClientCert"
    case verifyClientCertIfGiven = "VerifyClientCertIfGiven"
    case requireAndVerifyClientCert = "RequireAndVerifyClientCert"

    /// - Parameter text: as the file has it; empty means the default.
    init?(name text: String) {
        switch text {
        case "": self = .noClientCert
        case "RequireClientCert": self = .requireAnyClientCert
        default: self.init(rawValue: text)
        }
    }
}
