internal import YAMLTree

extension ConfigurationReader {
    func readTLS(_ reader: NodeReader) -> PatroniConfiguration.TLS {
        var tls = PatroniConfiguration.TLS()
        guard let map = reader.mapping(of: ["ca_file", "cert_file", "key_file", "insecure_skip_verify"]) else { return tls }
        tls.caFile = map.optional("ca_file").flatMap { readFile($0, orElse: "the authorities of the system are to be trusted") }
        tls.certFile = map.optional("cert_file").flatMap { readFile($0, orElse: "the exporter has no certificate") }
        tls.keyFile = map.optional("key_file").flatMap { readFile($0, orElse: "the exporter has no certificate") }
        for (key, other) in [("cert_file", "key_file"), ("key_file", "cert_file")] where map.optional(other) == nil {
            map.optional(key)?.complain("needs \(other) beside it")
        }
        if let skip = map.optional("insecure_skip_verify")?.boolean() { tls.insecureSkipVerify = skip }
        return tls
    }

    /// Reads the path of a file that must be there. The path is not repeated: somebody may have pasted the key itself.
    private func readFile(_ reader: NodeReader, orElse without: String) -> String? {
        guard let path = readPath(reader, orElse: without) else { return nil }
        if let complaint = loader.checkFile(path) { reader.complain("this file \(complaint)") }
        return path
    }
}
