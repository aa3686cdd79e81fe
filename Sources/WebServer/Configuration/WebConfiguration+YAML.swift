import YAMLTree

extension WebConfiguration {
    static let sizeLimit = 1 << 20

    /// Reads the bytes of a file. Its name is for messages, and its folder for relative paths in it.
    ///
    /// What is found here makes a file unusable at any time; hashes and what TLS needs are looked at apart.
    /// - Throws: all mistakes at once. Those of YAML and of its keys begin with `yaml:`, as they do in other exporters.
    static func parse(_ bytes: [UInt8], file: String) throws(WebConfigurationError) -> WebConfiguration {
        let structure = ProblemLog(file: file)
        let rules = ProblemLog(file: file)
        let warnings = ProblemLog(file: file)
        var configuration = WebConfiguration()
        if let root = Composer.compose(bytes, log: structure), !root.isNull {
            let reader = WebConfigurationReader(file: file, rules: rules, warnings: warnings)
            reader.read(NodeReader(root: root, log: structure), into: &configuration)
        }
        let ofStructure = structure.sorted.map { problem in
            var problem = problem
            problem.message = "yaml: " + problem.message
            return problem
        }
        let problems = ofStructure + rules.sorted
        guard problems.isEmpty else { throw WebConfigurationError(problems) }
        configuration.warnings = warnings.sorted
        return configuration
    }
}

/// Reads the sections of the file, each into its part of the configuration.
struct WebConfigurationReader {
    let file: String
    /// For what is well-formed, and not allowed.
    let rules: ProblemLog
    let warnings: ProblemLog

    func read(_ reader: NodeReader, into configuration: inout WebConfiguration) {
        let keys = ["tls_server_config", "http_server_config", "basic_auth_users", "rate_limit"]
        guard let map = reader.mapping(of: keys) else { return }
        if let section = map.given("http_server_config") { readHTTP(section, into: &configuration) }
        if let section = map.given("basic_auth_users") { configuration.users = readUsers(section) }
        if let section = map.given("rate_limit") { configuration.rateLimit = readRateLimit(section) }
        if let section = map.given("tls_server_config") {
            configuration.tls = readTLS(section, allowsHTTP2: configuration.allowsHTTP2)
        }
    }

    private func readHTTP(_ reader: NodeReader, into configuration: inout WebConfiguration) {
        guard let map = reader.mapping(of: ["http2", "headers"]) else { return }
        if let http2 = map.optional("http2") {
            configuration.allowsHTTP2 = http2.node.isNull ? false : http2.webBoolean() ?? true
            if http2.node.isNull { warn(http2, "nothing is said here, which means false") }
        }
        for (name, value) in map.given("headers")?.entries() ?? [] {
            guard let text = value.scalarText() else { continue }
            if let problem = HeaderRule.problem(name: name.value, value: text) {
                complain(name.reader, problem)
            } else {
                if text.isEmpty { warn(value, "the header is sent with an empty value; leave the key out to send none") }
                configuration.headers.append(ConfiguredHeader(name: name.value, value: HeaderRule.oneLine(text)))
            }
        }
    }

    private func readUsers(_ reader: NodeReader) -> [ConfiguredUser] {
        (reader.entries() ?? []).compactMap { name, value in
            guard let hash = value.scalarText() else { return nil }
            if hash.hasPrefix("$2x$") { warn(value, "$2x$ is the faulty bcrypt of old; make the hash anew") }
            return ConfiguredUser(name: Array(name.value.utf8), hash: Placed(value: hash, place: place(of: value)))
        }
    }

    private func readRateLimit(_ reader: NodeReader) -> RateLimit? {
        guard let map = reader.mapping(of: ["interval", "burst"]) else { return nil }
        let interval = map.given("interval")?.webDuration() ?? .zero
        let burst = map.given("burst")?.webInteger() ?? 0
        guard interval != .zero else { return nil }
        if interval > .zero, burst <= 0 { warn(reader, "with a burst of \(burst) every request is refused") }
        if interval > .zero, interval < .microseconds(1) {
            warn(map.optional("interval") ?? reader, "a number without a unit counts nanoseconds; write 1s for a second")
        }
        return RateLimit(interval: interval, burst: burst)
    }

    func complain(_ reader: NodeReader, _ message: String) {
        rules.add(at: reader.node.mark, path: reader.path, message)
    }

    func warn(_ reader: NodeReader, _ message: String) {
        warnings.add(at: reader.node.mark, path: reader.path, message)
    }

    func place(of reader: NodeReader) -> Place {
        Place(file: file, mark: reader.node.mark, path: reader.path)
    }
}

extension MappingReader {
    /// The value of a key that has one: nothing (`~`) is as good as no key.
    func given(_ key: String) -> NodeReader? {
        optional(key).flatMap { $0.node.isNull ? nil : $0 }
    }
}
