package import ReplicationModel

/// Whether a server may be used in a role: what load balancers and keepalived ask.
package struct RoleCheck: Sendable, Hashable {
    package var role: ServerRole
    /// Seconds that a standby may be behind; nil: any time.
    package var maximumLagSeconds: Double?
    /// Bytes that a standby may be behind; nil: any number.
    package var maximumLagBytes: Int64?

    /// A standby of which it is not known whether it is behind by more than that is fit.
    package var acceptsUnknownLag: Bool

    package init(role: ServerRole, maximumLagSeconds: Double? = nil, maximumLagBytes: Int64? = nil, acceptsUnknownLag: Bool = false) {
        self.role = role
        self.acceptsUnknownLag = acceptsUnknownLag
        self.maximumLagSeconds = maximumLagSeconds
        self.maximumLagBytes = maximumLagBytes
    }

    /// Whether it matters how far behind a standby is.
    package var limitsLag: Bool { maximumLagSeconds != nil || maximumLagBytes != nil }

    /// The answer, and why: one line for people.
    package struct Verdict: Sendable, Hashable {
        /// false also when it cannot be known.
        package var isFit: Bool
        package var reason: String

        package init(isFit: Bool, reason: String) {
            self.isFit = isFit
            self.reason = reason
        }
    }

    package func verdict(on report: TargetReport) -> Verdict {
        switch report.outcome {
        case .down(let reason), .unanswered(let reason): Verdict(isFit: false, reason: "unknown: \(reason)")
        case .up(let snapshot): verdict(on: snapshot, behind: report.behindPrimary)
        }
    }

    /// By the primary's clock where that is known. What the standby itself says is how far it is behind its upstream, as of the last message: enough to
    /// tell that it is too far behind, never that it is not.
    private func verdict(on snapshot: ServerSnapshot, behind: BehindPrimary?) -> Verdict {
        guard snapshot.role == role else { return Verdict(isFit: false, reason: "is a \(snapshot.role.rawValue)") }
        guard role == .standby else { return Verdict(isFit: true, reason: "is a primary") }
        if let maximumLagSeconds {
            let least = [snapshot.recovery?.replayLag, behind?.seconds].compactMap(\.self).max()
            if let least, least > maximumLagSeconds { return Verdict(isFit: false, reason: "is a standby, \(rounded(least)) s behind") }
            guard let most = behind?.mostSeconds, most <= maximumLagSeconds else { return unknownLag(behind) }
        }
        if let maximumLagBytes {
            let own = snapshot.receiver?.upstreamLagBytes(replayed: snapshot.recovery?.replayed, settings: snapshot.settings)
            let least = [own, behind?.bytes].compactMap(\.self).max()
            if let least, least > maximumLagBytes { return Verdict(isFit: false, reason: "is a standby, \(least) bytes behind") }
            guard let behind, behind.unseenSeconds <= Self.current else { return unknownLag(behind) }
        }
        return Verdict(isFit: true, reason: "is a standby")
    }

    /// For how long a primary's end of WAL is taken for the present one, in seconds: nobody knows how many bytes follow it.
    private static let current = 5.0

    private func unknownLag(_ behind: BehindPrimary?) -> Verdict {
        let why =
            switch behind {
            case nil: "its primary is not watched here, or not the only one, or on another timeline"
            case let behind? where behind.isLowerBound: "more than \(rounded(behind.seconds)) s, which is as far as the primary's WAL is remembered"
            case let behind?: "its primary was seen last \(rounded(behind.unseenSeconds)) s ago"
            }
        return Verdict(isFit: acceptsUnknownLag, reason: "is a standby; how far behind its primary is unknown: \(why)")
    }

    private func rounded(_ seconds: Double) -> Double {
        (seconds * 10).rounded() / 10
    }
}
