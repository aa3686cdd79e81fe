internal import YAMLTree

extension ConfigurationReader {
    func readPatroni(_ reader: NodeReader) -> [PatroniConfiguration] {
        var names = UniqueNames()
        return reader.list()?.compactMap { readCluster($0, names: &names) } ?? []
    }

    private func readCluster(_ reader: NodeReader, names: inout UniqueNames) -> PatroniConfiguration? {
        guard let map = reader.mapping(of: ["name", "urls", "dsn"]) else { return nil }
        let nameReader = map.required("name")
        let name = nameReader?.text(TextRules.complaint(aboutName:))
        if let name, let nameReader { names.insert(name, at: nameReader) }
        let urls = map.required("urls", hint: "write urls: [http://host:8008]").map(readURLs)
        let dsn = readDSN(map, hint: "write what all members have in common, such as dsn: dbname=postgres user=monitor")
        guard let name, let urls, let dsn else { return nil }
        return PatroniConfiguration(name: name, urls: urls, dsn: dsn)
    }

    private func readURLs(_ reader: NodeReader) -> [String] {
        let texts = reader.textList()
        if case .sequence(let elements) = reader.node.content, elements.isEmpty { reader.complain("name at least one member: [http://host:8008]") }
        var names = UniqueNames()
        for text in texts ?? [] {
            if let complaint = TextRules.complaint(aboutPatroniURL: text.value) { text.reader.complain(complaint) }
            names.insert(text.value, at: text.reader)
        }
        return texts?.map(\.value) ?? []
    }
}
