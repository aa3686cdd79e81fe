internal import YAMLTree

extension Configuration {
    /// The effective configuration as a file that says every default. The loader reads it back, apart from what the
    /// redaction took.
    ///
    /// - Parameter redactDSN: gives a connection string without its password.
    package func yaml(redactDSN: (String) -> String) -> String {
        var lines = ["# From \(ScalarText.render(origin.description)), with all defaults; passwords are left out."]
        lines += list("targets", targets) { target in
            var lines = ["name: \(ScalarText.render(target.name))", "dsn: \(ScalarText.render(redactDSN(target.dsn.reveal())))"]
            if let path = target.passwordFile { lines.append("password_file: \(ScalarText.render(path))") }
            if let path = target.walDirectory { lines.append("wal_directory: \(ScalarText.render(path))") }
            lines.append("labels: " + flowMapping(target.labels.sorted { $0.key < $1.key }))
            lines.append("expect:")
            lines += target.expectations.yamlLines.map { "  " + $0 }
            return lines
        }
        lines += list("patroni", patroni) { cluster in
            [
                "name: \(ScalarText.render(cluster.name))",
                "urls: " + flowList(cluster.urls.map(ScalarText.render)),
                "dsn: \(ScalarText.render(redactDSN(cluster.dsn.reveal())))",
            ]
        }
        lines.append("collection:")
        lines += collection.yamlLines.map { "  " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension TargetConfiguration.Expectations {
    fileprivate var yamlLines: [String] {
        [
            "role: \(role.rawValue)",
            "slots: " + flowList(slots.map { flowMapping([("name", $0.name), ("type", $0.kind.rawValue)]) }),
            "standbys: " + flowList(standbys.map { flowMapping([("application_name", $0.applicationName)]) }),
        ]
    }
}

extension CollectionConfiguration {
    fileprivate var yamlLines: [String] {
        [
            "timeout: \(DurationText.format(timeout))",
            "directory_interval: \(DurationText.format(directoryInterval))",
            "lsn_sample_interval: \(DurationText.format(lsnSampleInterval))",
            "disable: " + flowList(disabledCollectors.sorted().map(ScalarText.render)),
        ]
    }
}

/// A list in block form, each element of which is a mapping of the given lines.
private func list<Element>(_ key: String, _ elements: [Element], lines: (Element) -> [String]) -> [String] {
    guard !elements.isEmpty else { return ["\(key): []"] }
    return ["\(key):"] + elements.flatMap { lines($0).enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 } }
}

private func flowList(_ elements: [String]) -> String {
    "[" + elements.joined(separator: ", ") + "]"
}

private func flowMapping(_ entries: [(key: String, value: String)]) -> String {
    "{" + entries.map { "\(ScalarText.render($0.key)): \(ScalarText.render($0.value))" }.joined(separator: ", ") + "}"
}
