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
            lines.append("  role: \(target.expectations.role.rawValue)")
            lines.append("  detached: \(target.expectations.isDetached)")
            if let delay = target.expectations.delay { lines.append("  delay: \(DurationText.format(delay))") }
            lines += target.expectations.yamlLines.map { "  " + $0 }
            return lines
        }
        lines += list("patroni", patroni) { $0.yamlLines(redactDSN: redactDSN) }
        lines.append("collection:")
        lines += collection.yamlLines.map { "  " + $0 }
        lines += list("silence", silences) { silence in
            let places = [("target", silence.target), ("slot", silence.slot)].compactMap { key, name in
                name.map { "\(key): \(ScalarText.render($0))" }
            }
            return ["finding: \(silence.finding)"] + places
                + ["until: \(ScalarText.render(silence.untilText))", "reason: \(ScalarText.render(silence.reason))"]
        }
        if let stateFile { lines.append("state: {file: \(ScalarText.render(stateFile))}") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension PatroniConfiguration {
    fileprivate func yamlLines(redactDSN: (String) -> String) -> [String] {
        var lines = [
            "name: \(ScalarText.render(name))",
            "urls: " + flowList(urls.map(ScalarText.render)),
            "dsn: \(ScalarText.render(redactDSN(dsn.reveal())))",
        ]
        if let path = passwordFile { lines.append("password_file: \(ScalarText.render(path))") }
        lines.append("labels: " + flowMapping(labels.sorted { $0.key < $1.key }))
        lines.append("timeout: \(DurationText.format(timeout))")
        lines.append("interval: \(DurationText.format(interval))")
        lines.append("max_members: \(maximumMembers)")
        if !membersWithin.isEmpty { lines.append("members_within: " + flowList(membersWithin.map { ScalarText.render($0.description) })) }
        if let basicAuth { lines.append("basic_auth: " + flowMapping(basicAuth.yamlEntries)) }
        // Without a URL that needs it, the loader would refuse it.
        if usesTLS {
            lines.append("tls_config:")
            lines += tls.yamlLines.map { "  " + $0 }
        }
        lines.append("expect:")
        lines += expectations.yamlLines.map { "  " + $0 }
        return lines
    }
}

extension PatroniConfiguration.BasicAuth {
    fileprivate var yamlEntries: [(key: String, value: String)] {
        let secret: (key: String, value: String) =
            switch password {
            case .text(let secret): ("password", secret.description)
            case .file(let path): ("password_file", path)
            }
        return [("username", username), secret]
    }
}

extension PatroniConfiguration.TLS {
    fileprivate var yamlLines: [String] {
        [("ca_file", caFile), ("cert_file", certFile), ("key_file", keyFile)].compactMap { key, path in
            path.map { "\(key): \(ScalarText.render($0))" }
        } + ["insecure_skip_verify: \(insecureSkipVerify)"]
    }
}

extension TargetConfiguration.Expectations {
    /// All but the role, which the members of a cluster do not have.
    fileprivate var yamlLines: [String] {
        ["slots: " + flowList(slots.map(\.yaml)), "standbys: " + flowList(standbys.map(\.yaml))]
    }
}

extension TargetConfiguration.Slot {
    fileprivate var yaml: String {
        let type = kind.map { [("type", $0.rawValue)] } ?? []
        return flowMapping([("name", name)] + type + [("on", on.rawValue)])
    }
}

extension TargetConfiguration.Standby {
    fileprivate var yaml: String {
        flowMapping([("application_name", applicationName), ("on", on.rawValue)])
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
