package import Judgement
import ReplicationModel

/// The page `/` for a terminal: the verdict, who streams from whom, and what is wrong.
package struct StatusText: Sendable {
    private let view: FleetView
    private let topology: Topology
    private let style: TerminalStyle
    /// More of them would push the tree off the screen; `doctor` has them all.
    private let mostFindings: Int

    package init(_ view: FleetView, _ topology: Topology, style: TerminalStyle, mostFindings: Int = 8) {
        self.view = view
        self.topology = topology
        self.style = style
        self.mostFindings = mostFindings
    }

    package var lines: [String] {
        [headline, ""] + tree + findings
    }

    private var headline: String {
        let headline = Headline(topology)
        let tone: TerminalStyle.Tone = headline.worst == .critical ? .bad : headline.worst == .warning ? .doubtful : .good
        return style.toned(headline.text, tone) + style.toned("  \(HumanText.time(view.now))", .dim)
    }

    // MARK: who streams from whom

    private var tree: [String] {
        let receivers = Set(topology.edges.lazy.filter { $0.sender != nil && $0.sender != $0.receiver }.compactMap(\.receiver))
        var lines: [String] = []
        var drawn: Set<String> = []
        var titled: String??
        // Those that receive from each other alone have no beginning: they come last.
        for server in topology.servers.filter({ !receivers.contains($0.target) }) + topology.servers where !drawn.contains(server.target) {
            if titled != .some(server.systemIdentifier) {
                if titled != nil { lines.append("") }
                lines += title(of: server)
                titled = .some(server.systemIdentifier)
            }
            draw(server, nil, indent: "", branch: "", into: &lines, &drawn)
        }
        return lines + [""]
    }

    private func title(of server: Topology.Server) -> [String] {
        let names = [server.clusterName ?? server.cluster, server.systemIdentifier.map { "system \($0)" }].compactMap(\.self)
        return names.isEmpty ? [] : [style.toned(TerminalStyle.safe(names.joined(separator: ", ")), .bold)]
    }

    private func draw(
        _ server: Topology.Server,
        _ edge: Topology.Edge?,
        indent: String,
        branch: String,
        into lines: inout [String],
        _ drawn: inout Set<String>
    ) {
        drawn.insert(server.target)
        lines.append(indent + branch + line(server, edge))
        let below = indent + (branch.isEmpty ? "" : branch == "└─ " ? "   " : "│  ")
        let notes = slots(of: server)
        let known = drawn
        let edges = topology.edges.filter { $0.sender == server.target && ($0.receiver.map { !known.contains($0) } ?? true) }
        for (index, edge) in edges.enumerated() {
            let branch = index == edges.count - 1 && notes.isEmpty ? "└─ " : "├─ "
            if let receiver = edge.receiver.flatMap({ name in topology.servers.first { $0.targets.contains(name) } }) {
                guard !drawn.contains(receiver.target) else { continue }
                draw(receiver, edge, indent: below, branch: branch, into: &lines, &drawn)
            } else {
                lines.append(below + branch + stranger(edge))
            }
        }
        for (index, note) in notes.enumerated() {
            lines.append(below + (index == notes.count - 1 ? "└─ " : "├─ ") + note)
        }
    }

    private func line(_ server: Topology.Server, _ edge: Topology.Edge?) -> String {
        let others = server.targets.dropFirst()
        let name = TerminalStyle.safe(others.isEmpty ? server.target : "\(server.target) (\(others.joined(separator: ", ")))")
        guard server.isUp == true else {
            let word = server.isUp == nil ? style.toned("unknown", .doubtful) : style.toned("DOWN", .bad)
            return "\(name)  \(word)" + (server.problem.map { "  \(TerminalStyle.safe($0))" } ?? "")
        }
        var words = [style.toned(name, .bold)]
        words.append(server.isDetached ? "\(server.role ?? "unknown role"), detached" : server.role ?? "unknown role")
        if server.role == "standby" {
            switch server.isStreaming {
            case true?: words.append(edge?.state ?? "streaming")
            case false?: words.append(style.toned("NOT streaming", .bad))
            case nil: break
            }
        }
        if let edge { words += self.words(edge, withState: false) }
        if let version = server.version { words.append(TerminalStyle.safe(version)) }
        if let timeline = server.timeline { words.append("timeline \(timeline)") }
        if edge == nil, let position = server.position { words.append(position) }
        return words.joined(separator: "  ")
    }

    private func stranger(_ edge: Topology.Edge) -> String {
        let name = [edge.applicationName, edge.clientAddress.map { "at \($0)" }].compactMap(\.self).joined(separator: " ")
        return ([TerminalStyle.safe(name.isEmpty ? "somebody" : name)] + words(edge, withState: true)).joined(separator: "  ")
    }

    private func words(_ edge: Topology.Edge, withState: Bool) -> [String] {
        var words: [String] = []
        if withState, let state = edge.state { words.append(state) }
        if let slot = edge.slot { words.append("slot \(TerminalStyle.safe(slot))") }
        if let sync = edge.syncState, sync != "async" { words.append(sync) }
        if let bytes = edge.lagBytes {
            var behind = bytes <= 0 ? "0 bytes behind" : "\(HumanText.bytes(bytes)) behind"
            if let seconds = edge.lagSeconds, seconds >= 1 { behind += ", \(edge.lagIsLowerBound ? "at least " : "")\(HumanText.duration(seconds))" }
            words.append(behind)
        }
        return words
    }

    private func slots(of server: Topology.Server) -> [String] {
        let slots = view.server(ofTarget: server.target)?.snapshot.slots?.filter { (!$0.isActive || $0.isInvalidated) && $0.isSynced != true } ?? []
        let told = slots.prefix(5).map { slot in
            let name = "slot \(TerminalStyle.safe(slot.name))"
            if slot.isInvalidated { return "\(name)  \(style.toned("LOST", .bad))" }
            var words = [name, style.toned("not in use", .doubtful)]
            if let bytes = slot.retainedBytes { words.append("keeps \(HumanText.bytes(bytes))") }
            if let left = slot.timeToLost { words.append("lost in \(HumanText.duration(left))") }
            return words.joined(separator: "  ")
        }
        return slots.count > 5 ? told + ["and \(slots.count - 5) more slots that are not in use"] : Array(told)
    }

    // MARK: what is wrong

    private var findings: [String] {
        // What follows from another one stands under it: one cause, one line.
        let causes = Set(topology.findings.map(\.asCause))
        let following = Dictionary(grouping: topology.findings.filter { $0.cause.map(causes.contains) ?? false }, by: { $0.cause })
        let told = topology.findings.filter { finding in
            finding.silence == nil && finding.severity != .notice && !(finding.cause.map(causes.contains) ?? false)
        }
        var lines = told.prefix(mostFindings).flatMap { finding in
            let word = FindingText.word(finding.severity, style)
            let more = following[finding.asCause]?.count ?? 0
            let summary = finding.summary + (more == 0 ? "" : more == 1 ? " (One more follows from it.)" : " (\(more) more follow from it.)")
            let width = finding.severity.rawValue.count
            return style.wrapped(
                TerminalStyle.safe(summary),
                first: String(repeating: " ", count: 10),
                indent: String(repeating: " ", count: 10)
            )
            .enumerated().map { $0.offset == 0 ? word + $0.element.dropFirst(width) : $0.element }
        }
        let left = topology.findings.count - min(told.count, mostFindings)
        if left > 0 { lines.append(style.toned("\(left) more, and what to do: pgwal_exporter doctor", .dim)) }
        return lines
    }
}
