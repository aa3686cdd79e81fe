import ReplicationModel

/// Why a primary may be a clone or copy of another one, with a life of its own: a backup that was started for a test, a copy for staging.
///
/// The system identifier is a family's name, and a copy has it too. What tells them apart is that a copy was never a standby of the family, and that
/// nobody follows it. Neither is a proof: a standby whose standby.signal was taken away is all that as well.
struct CopyEvidence {
    /// What speaks for it, in words.
    let reasons: [String]

    /// nil: it is none, by all that is known.
    init?(of copy: FleetServer, beside original: FleetServer, in view: FleetView) {
        // A promotion that was seen makes two of one family, whoever is followed now.
        guard view.wasStandby.isDisjoint(with: [copy.instance, original.instance]) else { return nil }
        guard copy.report.membership == nil, copy.followers == 0 else { return nil }
        var reasons = ["neither was seen as a standby before", "nobody streams from \(copy.target)"]
        if original.followers > 0 { reasons.append("\(original.followers) standbys stream from \(original.target)") }
        if original.report.membership != nil { reasons.append("\(original.target) is a member of a Patroni cluster, \(copy.target) is of none") }
        let isSameTimeline = copy.snapshot.timeline != nil && copy.snapshot.timeline == original.snapshot.timeline
        if isSameTimeline { reasons.append("both write one timeline: none was promoted away from the other") }
        // Without any of these it may be either of them, and two that were promoted.
        guard original.followers > 0 || original.report.membership != nil || isSameTimeline && copy.snapshot.timeline == 1 else { return nil }
        self.reasons = reasons
    }
}

extension FleetServer {
    /// The standbys that stream from it.
    fileprivate var followers: Int {
        (snapshot.walsenders ?? []).filter { $0.replayed != nil && [.streaming, .catchup].contains($0.state) }.count
    }
}
