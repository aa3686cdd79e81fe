internal import YAMLTree

extension ConfigurationReader {
    /// What is silenced. Each silence needs a reason and an end: without them nobody knows later what it was for.
    func readSilences(_ reader: NodeReader, targets: Set<String>, clusters: Set<String>) -> [SilenceConfiguration] {
        reader.list()?.compactMap { element in
            guard let map = element.mapping(of: ["finding", "target", "slot", "until", "reason"]) else { return nil }
            let finding = map.required("finding").flatMap(readFinding)
            let target = map.optional("target").flatMap { readTargetName($0, targets, clusters) }
            let slot = map.optional("slot")?.text(TextRules.complaint(aboutSlotName:))
            let until = map.required("until", hint: "a silence without an end is forgotten").flatMap(readTime)
            let reason = map.required("reason", hint: "who reads it later wants to know why")?.text(TextRules.complaint(aboutReason:))
            guard let finding, let until, let reason else { return nil }
            return SilenceConfiguration(finding: finding, target: target, slot: slot, until: until, reason: reason)
        } ?? []
    }

    private func readFinding(_ reader: NodeReader) -> String? {
        guard let text = reader.text() else { return nil }
        if loader.knownFindings.contains(text) { return text }
        let hint = Suggestion.hint(for: text, among: loader.knownFindings)
        reader.complain("unknown finding; known: \(loader.knownFindings.sorted().joined(separator: ", "))\(hint)")
        return nil
    }

    /// A target of the file, or any member of one of its clusters: which there are is told by Patroni.
    private func readTargetName(_ reader: NodeReader, _ targets: Set<String>, _ clusters: Set<String>) -> String? {
        guard let text = reader.text(TextRules.complaint(aboutName:)) else { return nil }
        if targets.contains(text) { return text }
        if let slash = text.firstIndex(of: "/"), clusters.contains(String(text[..<slash])) { return text }
        reader.complain("no such target, nor CLUSTER/MEMBER of a cluster under patroni\(Suggestion.hint(for: text, among: targets))")
        return nil
    }

    private func readTime(_ reader: NodeReader) -> Int64? {
        guard let text = reader.text() else { return nil }
        if let time = UTCTime.parse(text) { return time }
        reader.complain("expected a date or a time in UTC, such as 2027-01-31 (to the end of that day) or 2027-01-31T18:00:00Z")
        return nil
    }
}
