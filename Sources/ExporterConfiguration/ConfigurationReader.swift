internal import YAMLTree

/// Reads the tree of a file into values. Notes all that is wrong; what it reads is to be used only when nothing is.
struct ConfigurationReader {
    let loader: ConfigurationLoader
    /// Where relative paths begin; ends with a slash.
    let folder: String
    let remarks: RemarkLog

    private static let example = "write at least: targets: [{name: main, dsn: host=localhost user=monitor}]"

    /// Reads the whole document.
    func read(_ root: NodeReader, into configuration: inout Configuration) {
        if root.node.isNull { return root.complain("the file is empty; \(Self.example)") }
        guard let map = root.mapping(of: ["targets", "patroni", "collection", "silence", "state"]) else { return }
        let targets = map.optional("targets")
        let patroni = map.optional("patroni")
        var targetNames = UniqueNames()
        var clusterNames = UniqueNames()
        if let targets { configuration.targets = readTargets(targets, names: &targetNames) }
        if let patroni { configuration.patroni = readPatroni(patroni, names: &clusterNames) }
        refuseMembers(among: targetNames, of: clusterNames)
        if let silence = map.optional("silence") {
            configuration.silences = readSilences(silence, targets: targetNames.all, clusters: clusterNames.all)
        }
        if let collection = map.optional("collection") { configuration.collection = readCollection(collection) }
        if let state = map.optional("state")?.mapping(of: ["file"]) {
            configuration.stateFile = state.optional("file").flatMap { readPath($0, orElse: "nothing shall be kept, or systemd says where") }
        }
        if [targets, patroni].allSatisfy({ $0.isAbsentOrEmpty }) {
            root.complain("there are no targets; \(Self.example)")
        }
    }

    /// Notes targets that are called as a member of a cluster may be: `CLUSTER/MEMBER`.
    private func refuseMembers(among targets: UniqueNames, of clusters: UniqueNames) {
        for (name, target) in targets.readers {
            guard let slash = name.firstIndex(of: "/"), let cluster = clusters.readers[String(name[..<slash])] else { continue }
            let place = "\(cluster.path) on line \(cluster.node.mark.line)"
            target.complain("what is before the slash is \(place), whose members are called CLUSTER/MEMBER; choose another")
        }
    }

    /// Reads a connection string. libpq's complaint must not repeat it, and nothing here does.
    func readDSN(_ map: MappingReader, hint: String) -> Secret? {
        guard let reader = map.required("dsn", hint: hint), let text = reader.text() else { return nil }
        if let complaint = loader.validateDSN(text) {
            reader.complain(complaint)
            return nil
        }
        let hasPassword = map.optional("password_file") != nil
        for problem in loader.dsnFileProblems(text, hasPassword) { remarks.add(.obstacle(problem), at: reader) }
        return Secret(text)
    }
}

extension NodeReader? {
    fileprivate var isAbsentOrEmpty: Bool {
        guard let self else { return true }
        guard case .sequence(let elements) = self.node.content else { return false }
        return elements.isEmpty
    }
}

extension NodeReader {
    /// Text that keeps a rule of `TextRules`.
    func text(_ complaint: (String) -> String?) -> String? {
        guard let text = text() else { return nil }
        if let complaint = complaint(text) {
            complain(complaint)
            return nil
        }
        return text
    }
}
