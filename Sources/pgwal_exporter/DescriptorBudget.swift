import ExporterConfiguration

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How many files and sockets the process may have open, and what it needs them for.
struct DescriptorBudget {
    /// Standard input and output, the loops' own, the listening socket, and what a scrape reads of /proc: 17 seen.
    private static let own = 20
    /// Connections of scrapers that there must be room for.
    private static let scrapers = 4
    /// More than this never serve at once, whatever the system allows.
    private static let mostScrapers = 256
    /// Connecting takes a name lookup, a password file and certificates, or the two ends of a detour, beside the connection itself: of so many
    /// connections at once, two each.
    private static let connecting = 8

    let targets: Int
    /// A connection for the question, and one to the member that it leads to.
    let patroniURLs: Int

    /// Sockets that listen.
    let listeners: Int

    init(_ configuration: Configuration, listeners: Int) {
        self.init(targets: configuration.targets.count, patroniURLs: configuration.patroni.map(\.urls.count).reduce(0, +), listeners: listeners)
    }

    init(targets: Int, patroniURLs: Int, listeners: Int = 1) {
        self.targets = targets
        self.patroniURLs = patroniURLs
        self.listeners = listeners
    }

    private var withoutScrapers: Int {
        Self.own + listeners - 1 + targets + 2 * patroniURLs + 2 * min(targets + patroniURLs, Self.connecting)
    }

    var needed: Int { withoutScrapers + Self.scrapers }

    /// How many scrapers may be connected at once under this limit.
    func scrapers(under limit: Int) -> Int {
        max(1, min(Self.mostScrapers, limit - withoutScrapers))
    }

    /// Why this limit does not do; nil: it does.
    func problem(under limit: Int) -> String? {
        guard limit < needed else { return nil }
        let patroni = patroniURLs > 0 ? ", \(patroniURLs) URLs of Patroni" : ""
        return
            "\(needed) open files are needed for \(targets) target\(targets == 1 ? "" : "s")\(patroni) and the exporter itself, and the limit is \(limit):"
            + " raise it (ulimit -n, LimitNOFILE= in systemd)"
    }

    /// Raises the limit as far as this process may, and returns what it is then.
    static func raisedLimit() -> Int {
        #if canImport(Darwin)
            let resource = RLIMIT_NOFILE
            let highest = rlim_t(OPEN_MAX)
        #else
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            let highest = rlim_t.max
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return Int.max }
        var raised = limit
        raised.rlim_cur = min(limit.rlim_max, highest)
        if raised.rlim_cur > limit.rlim_cur, setrlimit(resource, &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }
}
