internal import YAMLTree

/// What flags say of collecting; each wins over the file. nil and absent: the flag was not given.
package struct Overrides: Sendable, Hashable {
    /// The flags' names as problems show them.
    package enum Flag {
        /// For `timeout`.
        package static let timeout = "--collection.timeout"
        /// For `directoryInterval`.
        package static let directoryInterval = "--collection.directory-interval"
        /// For `lsnSampleInterval`.
        package static let lsnSampleInterval = "--collection.lsn-sample-interval"

        /// The flag that switches a collector on or off.
        package static func collector(_ name: String, enabled: Bool) -> String {
            "--\(enabled ? "" : "no-")collector.\(name)"
        }
    }

    /// The longest a collection may take.
    package var timeout: Duration?
    /// How often directories are listed.
    package var directoryInterval: Duration?
    /// How often the end of WAL is sampled; zero: never.
    package var lsnSampleInterval: Duration?
    /// Collectors by name: true switches one on that the file disables, false switches one off.
    package var collectors: [String: Bool]

    /// Overrides nothing by default.
    package init(
        timeout: Duration? = nil,
        directoryInterval: Duration? = nil,
        lsnSampleInterval: Duration? = nil,
        collectors: [String: Bool] = [:]
    ) {
        self.timeout = timeout
        self.directoryInterval = directoryInterval
        self.lsnSampleInterval = lsnSampleInterval
        self.collectors = collectors
    }

    /// Reads the value of a flag that is a duration (`5s`, `1m30s`). The message of the error is for the user, and does not
    /// name the flag.
    package static func duration(_ text: String) throws(ConfigurationError) -> Duration {
        do {
            return try DurationText.parse(text)
        } catch {
            throw ConfigurationError(lines: [error.message])
        }
    }

    /// Puts the flags' values in place of the file's, and notes those that are impossible.
    func apply(to collection: inout CollectionConfiguration, knownCollectors: [String], log: ProblemLog) {
        typealias Limits = CollectionConfiguration.Limits
        func replace(_ value: inout Duration, by new: Duration?, within limit: DurationLimit, flag: String) {
            guard let new else { return }
            if let complaint = limit.complaint(about: new) { return log.add(Problem(file: flag, message: complaint)) }
            value = new
        }
        replace(&collection.timeout, by: timeout, within: Limits.timeout, flag: Flag.timeout)
        replace(&collection.directoryInterval, by: directoryInterval, within: Limits.directoryInterval, flag: Flag.directoryInterval)
        replace(&collection.lsnSampleInterval, by: lsnSampleInterval, within: Limits.lsnSampleInterval, flag: Flag.lsnSampleInterval)
        for (name, enabled) in collectors.sorted(by: { $0.key < $1.key }) {
            guard knownCollectors.contains(name) else {
                let hint = Suggestion.hint(for: name, among: knownCollectors)
                let message = "unknown collector; known: \(knownCollectors.sorted().joined(separator: ", "))\(hint)"
                log.add(Problem(file: Flag.collector(name, enabled: enabled), message: message))
                continue
            }
            if enabled { collection.disabledCollectors.remove(name) } else { collection.disabledCollectors.insert(name) }
        }
    }
}
