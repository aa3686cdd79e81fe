internal import YAMLTree

/// Reads the tree of a file into values. Notes all that is wrong; what it reads is to be used only when nothing is.
struct ConfigurationReader {
    let loader: ConfigurationLoader
    /// Where relative paths begin; ends with a slash.
    let folder: String

    private static let example = "write at least: targets: [{name: main, dsn: host=localhost user=monitor}]"

    /// Reads the whole document.
    func read(_ root: NodeReader, into configuration: inout Configuration) {
        if root.node.isNull { return root.complain("the file is empty; \(Self.example)") }
        guard let map = root.mapping(of: ["targets", "patroni", "collection"]) else { return }
        let targets = map.optional("targets")
        let patroni = map.optional("patroni")
        if let targets { configuration.targets = readTargets(targets) }
        if let patroni { configuration.patroni = readPatroni(patroni) }
        if let collection = map.optional("collection") { configuration.collection = readCollection(collection) }
        if [targets, patroni].allSatisfy({ $0.isAbsentOrEmpty }) {
            root.complain("there are no targets; \(Self.example)")
        }
    }

    /// Reads a connection string. libpq's complaint must not repeat it, and nothing here does.
    func readDSN(_ map: MappingReader, hint: String) -> Secret? {
        guard let reader = map.required("dsn", hint: hint), let text = reader.text() else { return nil }
        if let complaint = loader.validateDSN(text) {
            reader.complain(complaint)
            return nil
        }
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
