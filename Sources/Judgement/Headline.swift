/// The one line that says how everything is: the first of the page and of the terminal.
package struct Headline: Sendable, Hashable {
    package var critical: Int
    package var warnings: Int
    package var notices: Int
    package var silenced: Int
    /// Servers, and targets that are down or did not answer yet.
    package var servers: Int
    /// Of them those with something critical or a warning.
    package var concerned: Int
    /// Targets of which nothing is known yet.
    package var unanswered: Int

    package init(_ topology: Topology) {
        let told = topology.findings.filter { $0.silence == nil }
        critical = told.count { $0.severity == .critical }
        warnings = told.count { $0.severity == .warning }
        notices = told.count { $0.severity == .notice }
        silenced = topology.findings.count - told.count
        servers = topology.servers.count
        unanswered = topology.servers.count { $0.isUp == nil }
        let places = Set(told.lazy.filter { $0.severity != .notice }.compactMap(\.target))
        concerned = topology.servers.count { !places.isDisjoint(with: $0.targets) }
    }

    /// The worst that there is; nil when all is well.
    package var worst: Finding.Severity? {
        critical > 0 ? .critical : warnings > 0 ? .warning : nil
    }

    /// `1 critical, 2 warnings in 3 of 20 servers`, or `All 20 servers are well`.
    package var text: String {
        var text: String
        if worst == nil {
            switch (servers, unanswered) {
            case (0, _): text = "There is no server"
            case (_, servers): text = servers == 1 ? "The server has not answered yet" : "None of \(servers) servers has answered yet"
            case (1, _): text = "The server is well"
            case (_, 0): text = "All \(servers) servers are well"
            default: text = "\(servers - unanswered) of \(servers) servers are well, \(unanswered) did not answer yet"
            }
        } else {
            let parts = [critical > 0 ? "\(critical) critical" : nil, warnings > 0 ? Self.count(warnings, "warning") : nil]
            text = parts.compactMap(\.self).joined(separator: ", ")
            // Of a cluster, say, and of no server.
            if concerned > 0 { text += " in \(concerned) of \(Self.count(servers, "server"))" }
        }
        let asides = [notices > 0 ? Self.count(notices, "notice") : nil, silenced > 0 ? "\(silenced) silenced" : nil].compactMap(\.self)
        return asides.isEmpty ? text : "\(text) (\(asides.joined(separator: ", ")))"
    }

    private static func count(_ number: Int, _ thing: String) -> String {
        "\(number) \(thing)\(number == 1 ? "" : "s")"
    }
}
