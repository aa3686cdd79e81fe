import YAMLTree

/// What the files of a TLS section hold now.
struct TLSContents: Sendable, Hashable {
    var certificate: [UInt8]
    var key: [UInt8]
    /// nil: the system's authorities.
    var authorities: [UInt8]?
}

extension TLSSection {
    private static let sizeLimit = 1 << 20

    /// Reads the files.
    /// - Throws: what is missing, cannot be read, or does not go together, in the words of exporter-toolkit.
    func readContents() throws(WebConfigurationError) -> TLSContents {
        var problems: [Problem] = []
        if cert == nil, certFile == nil { problems.append(place.problem("missing one of cert or cert_file")) }
        if key == nil, keyFile == nil { problems.append(place.problem("missing one of key or key_file")) }
        let certificateBytes = Self.read(certFile, orElse: cert, whatFailed: "failed to read cert_file", &problems)
        let keyBytes = Self.read(keyFile, orElse: key, whatFailed: "failed to read key_file", &problems)
        let authorities = Self.read(clientCAFile, orElse: clientCA, whatFailed: "failed to read client_ca_file", &problems)
        if let clientAuthType, ClientAuthType(name: clientAuthType.value) == nil {
            let word = clientAuthType.value
            let shown = word.utf8.count <= 64 && word.allSatisfy { $0.isASCII && $0.isLetter } ? word : "…"
            let known = ClientAuthType.allCases.map(\.rawValue)
            problems.append(
                clientAuthType.place.problem(
                    "invalid ClientAuth: \(shown); known: \(known.joined(separator: ", "))\(Suggestion.hint(for: word, among: known))"
                )
            )
        }
        if let given = clientCAFile ?? clientCA, ClientAuthType(name: clientAuthType?.value ?? "") == .noClientCert {
            problems.append(given.place.problem("client CA's have been configured without a Client Auth Policy; set client_auth_type"))
        }
        guard problems.isEmpty, let certificateBytes, let keyBytes else { throw WebConfigurationError(problems) }
        return TLSContents(certificate: certificateBytes, key: keyBytes, authorities: authorities)
    }

    private static func read(
        _ file: Placed<String>?,
        orElse text: Placed<String>?,
        whatFailed: String,
        _ problems: inout [Problem]
    ) -> [UInt8]? {
        guard let file else { return text.map { Array($0.value.utf8) } }
        do {
            return try BoundedFile.bytes(of: file.value, limit: sizeLimit)
        } catch {
            problems.append(file.place.problem("\(whatFailed): \(shown(file.value))\(error.reason.lowercased())"))
            return nil
        }
    }

    /// A path is repeated unless somebody has pasted the key itself.
    private static func shown(_ path: String) -> String {
        let isPath = path.utf8.count <= 256 && !path.contains(where: \.isNewline) && !path.contains("-----")
        return isPath ? "\(path) " : "it "
    }

    /// Why HTTP/2, which the file has not switched off, could not be spoken with its ciphers; nil when it could. It isn't spoken here, but a
    /// file that others refuse is refused here too.
    var problemOfHTTP2: Problem? {
        guard !cipherSuites.isEmpty, minimumVersion != .tls13, !cipherSuites.contains(where: \.isRequiredByHTTP2) else { return nil }
        return place.problem(
            "TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher: add"
                + " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 to cipher_suites, or set http2 to false"
        )
    }
}
