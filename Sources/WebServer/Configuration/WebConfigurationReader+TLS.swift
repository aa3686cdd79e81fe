import YAMLTree

extension WebConfigurationReader {
    static let keys = [
        "cert_file", "cert", "key_file", "key", "client_ca_file", "client_ca", "client_auth_type", "client_allowed_sans", "min_version",
        "max_version", "cipher_suites", "prefer_server_cipher_suites", "curve_preferences",
    ]

    func readTLS(_ reader: NodeReader, allowsHTTP2: Bool) -> TLSSection? {
        guard let map = reader.mapping(of: Self.keys) else { return nil }
        var tls = TLSSection(place: place(of: reader))
        tls.certFile = readPath(map, "cert_file")
        tls.cert = readText(map, "cert")
        tls.keyFile = readPath(map, "key_file")
        tls.key = readText(map, "key")
        tls.clientCAFile = readPath(map, "client_ca_file")
        tls.clientCA = readText(map, "client_ca")
        tls.clientAuthType = readText(map, "client_auth_type")
        tls.clientAllowedSANs = map.given("client_allowed_sans")?.list()?.compactMap { $0.scalarText() }
        tls.minimumVersion = map.optional("min_version").flatMap { readName($0, unknown: "unknown TLS version: ") } ?? .tls12
        tls.maximumVersion = map.optional("max_version").flatMap { readName($0, unknown: "unknown TLS version: ") } ?? .tls13
        tls.cipherSuites = map.given("cipher_suites")?.list()?.compactMap { readName($0, unknown: "unknown cipher: ") } ?? []
        tls.curves = map.given("curve_preferences")?.list()?.compactMap { readName($0, unknown: "unknown curve: ") } ?? []
        // Has no effect, here as elsewhere.
        _ = map.given("prefer_server_cipher_suites")?.webBoolean()
        warnOfWhatHasNoUse(tls, map, allowsHTTP2: allowsHTTP2)
        return tls
    }

    private func warnOfWhatHasNoUse(_ tls: TLSSection, _ map: MappingReader, allowsHTTP2: Bool) {
        let versions = TLSProtocolVersion.allCases
        if let least = versions.firstIndex(of: tls.minimumVersion), let most = versions.firstIndex(of: tls.maximumVersion), least > most {
            warn(map.reader, "min_version is above max_version: nobody can connect")
        }
        if let sans = map.given("client_allowed_sans"), ["", "NoClientCert"].contains(tls.clientAuthType?.value ?? "") {
            warn(sans, "without a client_auth_type nobody is asked for a certificate, so this is not checked")
        }
        if !tls.isConfigured { warn(map.reader, "without a certificate here, HTTP without TLS is served") }
    }

    /// Text that is not empty.
    private func readText(_ map: MappingReader, _ key: String) -> Placed<String>? {
        guard let reader = map.optional(key), let text = reader.scalarText(), !text.isEmpty else { return nil }
        return Placed(value: text, place: place(of: reader))
    }

    /// A path that is not empty. A relative one begins at the folder of the file as it was named: symbolic links stay.
    private func readPath(_ map: MappingReader, _ key: String) -> Placed<String>? {
        guard var path = readText(map, key) else { return nil }
        if !path.value.hasPrefix("/"), let slash = file.lastIndex(of: "/") { path.value = file[...slash] + path.value }
        return path
    }

    private func readName<Name: CaseIterable & RawRepresentable<String>>(_ reader: NodeReader, unknown: String) -> Name? {
        guard let text = reader.scalarText() else { return nil }
        if let name = Name(rawValue: text) { return name }
        let isWord = text.utf8.count <= 64 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let known = Name.allCases.map(\.rawValue)
        complain(reader, "\(unknown)\(isWord ? text : "…"); known: \(known.joined(separator: ", "))\(Suggestion.hint(for: text, among: known))")
        return nil
    }
}
