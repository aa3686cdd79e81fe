internal import YAMLTree

extension ConfigurationReader {
    /// Reads the clusters, and leaves in `names` where each is named.
    func readPatroni(_ reader: NodeReader, names: inout UniqueNames) -> [PatroniConfiguration] {
        reader.list()?.compactMap { readCluster($0, names: &names) } ?? []
    }

    private func readCluster(_ reader: NodeReader, names: inout UniqueNames) -> PatroniConfiguration? {
        typealias Limits = PatroniConfiguration.Limits
        let keys = [
            "name", "urls", "dsn", "password_file", "labels", "timeout", "interval", "max_members", "members_within", "basic_auth", "tls_config",
            "expect",
        ]
        guard let map = reader.mapping(of: keys) else { return nil }
        let nameReader = map.required("name")
        let name = nameReader?.text(TextRules.complaint(aboutClusterName:))
        if let name, let nameReader { names.insert(name, at: nameReader) }
        let urls = map.required("urls", hint: "write urls: [http://host:8008]").map(readURLs)
        let dsn = readTemplate(map)
        var cluster = PatroniConfiguration(name: name ?? "", urls: urls ?? [], dsn: dsn ?? Secret(""))
        cluster.passwordFile = map.optional("password_file").flatMap(readPasswordFile)
        cluster.labels = map.optional("labels").map { readLabels($0, reserved: loader.reservedClusterLabels) } ?? [:]
        if let timeout = readDuration(map.optional("timeout"), within: Limits.timeout) { cluster.timeout = timeout }
        if let interval = readDuration(map.optional("interval"), within: Limits.interval) { cluster.interval = interval }
        if let limit = map.optional("max_members")?.integer(in: Limits.maximumMembers) { cluster.maximumMembers = limit }
        cluster.membersWithin = map.optional("members_within").map(readRanges) ?? []
        cluster.basicAuth = map.optional("basic_auth").flatMap(readBasicAuth)
        if let tls = map.optional("tls_config") {
            cluster.tls = readTLS(tls)
            if !cluster.urls.isEmpty, !cluster.usesTLS {
                tls.complain("of no use: none of the urls begins with https://")
            }
        }
        if let expect = map.optional("expect") { cluster.expectations = readMemberExpectations(expect) }
        return name == nil || urls == nil || dsn == nil ? nil : cluster
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

    /// Reads the connection string that Patroni's host and port are to be added to.
    private func readTemplate(_ map: MappingReader) -> Secret? {
        let dsn = readDSN(map, hint: "write what all members have in common, such as dsn: dbname=postgres user=monitor")
        guard let dsn else { return nil }
        let given = loader.dsnKeywords(dsn.reveal()).intersection(["host", "hostaddr", "port"])
        if !given.isEmpty {
            let list = given.sorted().joined(separator: ", ")
            map.optional("dsn")?.complain("must not give \(list): Patroni tells host and port of each member")
        }
        return dsn
    }
}
