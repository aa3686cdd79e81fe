internal import YAMLTree

extension ConfigurationReader {
    func readBasicAuth(_ reader: NodeReader) -> PatroniConfiguration.BasicAuth? {
        guard let map = reader.mapping(of: ["username", "password", "password_file"]) else { return nil }
        let username = map.required("username")?.text(TextRules.complaint(aboutUserName:))
        let file = map.optional("password_file").flatMap(readPasswordFile)
        let text = map.optional("password")?.text { $0.isEmpty ? "must not be empty" : nil }
        switch (map.optional("password"), map.optional("password_file")) {
        case (nil, nil): map.reader.complain("needs a password_file, or a password")
        case (_?, let other?): other.complain("not beside password; leave one of them out")
        default: break
        }
        let password = file.map { PatroniConfiguration.BasicAuth.Password.file($0) } ?? text.map { .text(Secret($0)) }
        guard let username, let password else { return nil }
        return PatroniConfiguration.BasicAuth(username: username, password: password)
    }

    /// Reads where the members of a cluster may be.
    func readRanges(_ reader: NodeReader) -> [AddressRange] {
        let texts = reader.textList()
        if case .sequence(let elements) = reader.node.content, elements.isEmpty {
            reader.complain("name at least one range, or leave the key out when members may be anywhere")
        }
        return texts?.compactMap { text in
            let range = AddressRange(text.value)
            if range == nil {
                text.reader.complain(
                    "expected a range of addresses such as 10.0.0.0/8 or \"fd00::/8\", with no bit set beyond its prefix, or an address"
                )
            }
            return range
        } ?? []
    }
}
