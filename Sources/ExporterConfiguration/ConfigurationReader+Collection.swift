internal import YAMLTree

extension ConfigurationReader {
    func readCollection(_ reader: NodeReader) -> CollectionConfiguration {
        typealias Limits = CollectionConfiguration.Limits
        var collection = CollectionConfiguration()
        guard let map = reader.mapping(of: ["timeout", "directory_interval", "lsn_sample_interval", "disable"]) else { return collection }
        if let timeout = readDuration(map.optional("timeout"), within: Limits.timeout) {
            collection.timeout = timeout
        }
        if let interval = readDuration(map.optional("directory_interval"), within: Limits.directoryInterval) {
            collection.directoryInterval = interval
        }
        if let interval = readDuration(map.optional("lsn_sample_interval"), within: Limits.lsnSampleInterval) {
            collection.lsnSampleInterval = interval
        }
        if let disable = map.optional("disable") { collection.disabledCollectors = readCollectors(disable) }
        return collection
    }

    func readDuration(_ reader: NodeReader?, within limit: DurationLimit) -> Duration? {
        guard let reader, let duration = reader.duration() else { return nil }
        if let complaint = limit.complaint(about: duration) { reader.complain(complaint) }
        return duration
    }

    private func readCollectors(_ reader: NodeReader) -> Set<String> {
        let known = loader.knownCollectors
        var names = UniqueNames()
        for text in reader.textList() ?? [] {
            names.insert(text.value, at: text.reader)
            guard !known.contains(text.value) else { continue }
            let hint = Suggestion.hint(for: text.value, among: known)
            text.reader.complain("unknown collector; known: \(known.sorted().joined(separator: ", "))\(hint)")
        }
        return names.all
    }
}
