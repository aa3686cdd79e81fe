import Judgement

/// What a state file says, and what is wrong with it.
package struct StateReading: Sendable {
    /// What is whole in it; nil when nothing is.
    package var state: Remembered?
    /// nil: it is whole, and there is nothing to be told.
    package var problem: Problem?

    package enum Problem: Sendable, Hashable {
        /// It is none of ours.
        case foreign
        /// Of a later version.
        case newer(Int)
        /// So many lines of it are broken, or its end is missing.
        case broken(lines: Int)

        /// For the log.
        package var text: String {
            switch self {
            case .foreign: "it is no state file of pgwal_exporter"
            case .newer(let version):
                "it is of form \(version), which a later version of pgwal_exporter writes; this one knows form \(StateText.version)"
            case .broken(let lines):
                lines == 0 ? "its end is missing" : "its end is missing, or a part of it is broken: lines that cannot be read: \(lines)"
            }
        }
    }

    /// More than 10,000 targets, each at its limit of what is usual, come to.
    package static let mostBytes = 1 << 30

    /// Reads all that is whole. Never traps, whatever the bytes are.
    package init(_ bytes: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        let magic = Array(StateText.magic.utf8)
        guard bytes.starts(with: magic), let firstEnd = bytes.firstIndex(of: newline),
            let version = Int(String(decoding: bytes[magic.count..<firstEnd].prefix(20), as: UTF8.self)), version > 0
        else {
            // The beginning of one is a broken one.
            problem = !bytes.isEmpty && magic.starts(with: bytes.prefix(magic.count)) || bytes.starts(with: magic) ? .broken(lines: 1) : .foreign
            if bytes.isEmpty { problem = .broken(lines: 0) }
            return
        }
        guard version <= StateText.version else {
            problem = .newer(version)
            return
        }
        var broken = 0
        var whole = 0
        var promised: Int?
        var head: StateText.Head?
        var found = Remembered(at: 0)
        var start = firstEnd + 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: newline)
            let slice = bytes[start..<(end ?? bytes.count)]
            start = (end ?? bytes.count) + 1
            // Of a line without its end nobody knows whether it is whole, but for its checksum, which says so.
            guard promised == nil, slice.count <= StateText.longestLine, let line = StateText.line(of: slice) else {
                broken += 1
                continue
            }
            if let end = line.end {
                promised = end.lines
                continue
            }
            whole += 1
            if let part = line.head { head = head ?? part }
            if let part = line.system { found.fleet.systems.append(part) }
            if let part = line.reached { found.fleet.reached.append(part) }
            if let part = line.target { found.targets.append(part) }
            if let part = line.event { found.events.append(part) }
        }
        if broken > 0 || promised != whole { problem = .broken(lines: broken) }
        // Without its time, nothing in it can be placed.
        guard let head, head.at.isFinite, head.at > 0, head.at < 1e12 else {
            problem = problem ?? .broken(lines: 1)
            return
        }
        found.at = head.at
        found.isComplete = head.isComplete && problem == nil
        found.eventCounts = head.eventCounts
        state = found
    }
}
