internal import YAMLTree

extension ConfigurationReader {
    /// Reads the targets, and leaves in `names` where each is named.
    func readTargets(_ reader: NodeReader, names: inout UniqueNames) -> [TargetConfiguration] {
        reader.list()?.compactMap { readTarget($0, names: &names) } ?? []
    }

    private func readTarget(_ reader: NodeReader, names: inout UniqueNames) -> TargetConfiguration? {
        guard let map = reader.mapping(of: ["name", "dsn", "password_file", "wal_directory", "labels", "expect"]) else { return nil }
        let nameReader = map.required("name", hint: "it becomes the label target")
        let name = nameReader?.text(TextRules.complaint(aboutName:))
        if let name, let nameReader { names.insert(name, at: nameReader) }
        // Without a dsn libpq would silently take the server of its environment for this one.
        let dsn = readDSN(map, hint: #"write dsn: "" to leave it to libpq's environment"#)
        let passwordFile = map.optional("password_file").flatMap(readPasswordFile)
        let walDirectory = map.optional("wal_directory").flatMap { readPath($0, orElse: "the exporter shall find it, or runs elsewhere") }
        let labels = map.optional("labels").map { readLabels($0, reserved: loader.reservedLabels) } ?? [:]
        let expectations = map.optional("expect").map(readExpectations) ?? TargetConfiguration.Expectations()
        guard let name, let dsn else { return nil }
        return TargetConfiguration(
            name: name,
            dsn: dsn,
            passwordFile: passwordFile,
            walDirectory: walDirectory,
            labels: labels,
            expectations: expectations
        )
    }

    func readPasswordFile(_ reader: NodeReader) -> String? {
        guard let path = readPath(reader, orElse: "there is no password file", expand: CredentialsFolder.expand) else { return nil }
        for remark in loader.remarksAboutPasswordFile(path) { remarks.add(remark, at: reader) }
        return path
    }

    /// Reads a path, and makes it absolute. `without` says when the key is to be left out, `expand` what else a path may begin with.
    func readPath(_ reader: NodeReader, orElse without: String, expand: (String) -> String = { $0 }) -> String? {
        let path = reader.text {
            if $0.isEmpty { return "must not be empty; leave the key out when \(without)" }
            return TextRules.complaint(aboutPath: $0)
        }
        return path.map { FilePath.resolve(expand($0), in: folder) }
    }

    func readLabels(_ reader: NodeReader, reserved: Set<String>) -> [String: String] {
        var labels: [String: String] = [:]
        for entry in reader.textMap() ?? [] {
            if let complaint = TextRules.complaint(aboutLabelName: entry.key.value, reserved: reserved) {
                entry.key.reader.complain(complaint)
            }
            if let complaint = TextRules.complaint(aboutLabelValue: entry.value.value) {
                entry.value.reader.complain(complaint)
            }
            labels[entry.key.value] = entry.value.value
        }
        return labels
    }
}
