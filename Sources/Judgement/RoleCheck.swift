package import ReplicationModel

/// Whether a server may be used in a role: what load balancers and keepalived ask.
package struct RoleCheck: Sendable, Hashable {
    package var role: ServerRole
    /// Seconds that a standby may be behind; nil: any time.
    package var maximumLagSeconds: Double?
    /// Bytes that a standby may be behind; nil: any number.
    package var maximumLagBytes: Int64?

    package init(role: ServerRole, maximumLagSeconds: Double? = nil, maximumLagBytes: Int64? = nil) {
        self.role = role
        self.maximumLagSeconds = maximumLagSeconds
        self.maximumLagBytes = maximumLagBytes
    }

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
        case .up(let snapshot): verdict(on: snapshot)
        }
    }

    private func verdict(on snapshot: ServerSnapshot) -> Verdict {
        guard snapshot.role == role else { return Verdict(isFit: false, reason: "is a \(snapshot.role.rawValue)") }
        guard role == .standby else { return Verdict(isFit: true, reason: "is a primary") }
        if let maximumLagSeconds {
            guard let lag = snapshot.recovery?.replayLag else { return unknownLag(snapshot) }
            guard lag <= maximumLagSeconds else { return Verdict(isFit: false, reason: "is a standby, \(rounded(lag)) s behind") }
        }
        if let maximumLagBytes {
            guard let lag = snapshot.receiver?.upstreamLagBytes(replayed: snapshot.recovery?.replayed, settings: snapshot.settings) else {
                return unknownLag(snapshot)
            }
            guard lag <= maximumLagBytes else { return Verdict(isFit: false, reason: "is a standby, \(lag) bytes behind") }
        }
        return Verdict(isFit: true, reason: "is a standby")
    }

    /// How far a standby is behind is only known while it receives.
    private func unknownLag(_ snapshot: ServerSnapshot) -> Verdict {
        let isUp = snapshot.receiver?.isUp(settings: snapshot.settings) == true
        let reason = isUp ? "is a standby, its lag is not known yet" : "is a standby that does not stream: its lag is unknown"
        return Verdict(isFit: false, reason: reason)
    }

    private func rounded(_ seconds: Double) -> Double {
        (seconds * 10).rounded() / 10
    }
}
