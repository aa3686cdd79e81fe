/// Something that changed, as it was noticed from one look at a server to the next.
package struct Event: Sendable, Hashable, Codable {
    /// When it was noticed, Unix time by the exporter's clock; it happened between that look and the one before.
    package var time: Double
    package var kind: Kind
    /// nil: of the exporter, or of a Patroni cluster.
    package var target: String?
    /// Which slot, walsender, setting, collector or cluster; nil where the kind alone says it.
    package var subject: String?
    /// What was; nil: nothing, or not known.
    package var before: String?
    /// What is; nil: nothing, or not known.
    package var after: String?
    /// The same in a sentence. Holds no secret.
    package var text: String

    package init(
        _ kind: Kind,
        at time: Double,
        target: String? = nil,
        subject: String? = nil,
        before: String? = nil,
        after: String? = nil,
        _ text: String
    ) {
        self.time = time
        self.kind = kind
        self.target = target
        self.subject = subject
        self.before = before
        self.after = after
        self.text = text
    }

    /// The label `kind`.
    package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        case exporterStarted = "exporter_started"
        case exporterStopped = "exporter_stopped"
        case targetUp = "target_up"
        case targetDown = "target_down"
        /// Another database is behind the target's name.
        case systemChanged = "system_changed"
        case serverRestarted = "server_restarted"
        case roleChanged = "role_changed"
        case timelineChanged = "timeline_changed"
        case receiverUp = "receiver_up"
        case receiverDown = "receiver_down"
        case upstreamChanged = "upstream_changed"
        case senderConnected = "sender_connected"
        case senderGone = "sender_gone"
        case slotCreated = "slot_created"
        case slotDropped = "slot_dropped"
        case slotLost = "slot_lost"
        case slotRecreated = "slot_recreated"
        case replayPaused = "replay_paused"
        case replayResumed = "replay_resumed"
        case synchronousLost = "synchronous_lost"
        case synchronousRestored = "synchronous_restored"
        case settingChanged = "setting_changed"
        case leaderChanged = "leader_changed"
        case collectorFailed = "collector_failed"
        case collectorWorks = "collector_works"
    }
}
