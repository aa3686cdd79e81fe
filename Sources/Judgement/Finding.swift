import ReplicationModel

/// Something wrong, or about to go wrong, that one look at all servers shows: the twin of an alert without a time window.
package struct Finding: Sendable, Hashable {
    package var code: FindingCode
    package var severity: Severity
    /// How certain.
    package var confidence: Confidence
    /// The alert that says the same; nil when there is none.
    package let alert: Verdict.Alert?
    /// The target where the fault is and the cure is applied; nil when that server is not among the targets.
    package var target: String?
    /// The slot in question.
    package var slot: String?
    /// The standby in question: its target's name where there is one, else its application name.
    package var standby: String?
    /// The upstream in question: its target's name where there is one, else `host:port` as the standby has it.
    package var upstream: String?
    /// What it follows from; nil: nothing that is found.
    package var cause: Cause?
    /// Why it is to be borne, and until when; nil: it is not silenced.
    package var silence: Silence?
    private let text: Text
    /// Why nothing may be destroyed before something else is decided; nil: it may.
    private var withheld: String?

    /// One sentence that names what is wrong and where. Holds no secret.
    package var summary: String { text.words.summary }
    /// What it was concluded from, in reading order.
    package var evidence: [Evidence] { text.words.evidence }
    /// What to do, in order.
    package var cures: [Cure] {
        let cures = Cure.admissible(text.words.cures, confidence, at: target)
        return withheld.map { Cure.withheld(cures, $0) } ?? cures
    }

    /// How bad it is.
    package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
        /// Data is, or is about to be, lost, cut off or divergent.
        case critical
        /// Something does not work as it should, or will not after the next switchover.
        case warning
        /// A setting or left-over that will be in the way one day.
        case notice

        package static func < (one: Severity, other: Severity) -> Bool {
            Self.allCases.firstIndex(of: one)! < Self.allCases.firstIndex(of: other)!
        }
    }

    /// How certain a verdict is.
    package enum Confidence: String, Sendable, Hashable, CaseIterable {
        /// Positions, identifiers, files and settings leave no other explanation.
        case proven
        /// It is likely, and something that is not known could be the explanation as well: nothing that destroys data is proposed for it.
        case suspected
    }

    /// Another finding.
    package struct Cause: Sendable, Hashable {
        package var code: FindingCode
        package var target: String?
        package var standby: String?

        package init(code: FindingCode, target: String?, standby: String?) {
            self.code = code
            self.target = target
            self.standby = standby
        }
    }

    /// A value that was read.
    package struct Evidence: Sendable, Hashable {
        /// What was read, by the name of its column, function or setting, and where.
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// - Parameters:
    ///   - row: what is found, as the table of verdicts has it.
    ///   - cures: what destroys data is left out of a verdict that is not proven, and where no check stands before it.
    package init(
        _ row: Verdict.Case,
        target: String?,
        slot: String? = nil,
        standby: String? = nil,
        upstream: String? = nil,
        summary: String,
        evidence: [Evidence] = [],
        cures: [Cure] = []
    ) {
        self.init(row, target: target, slot: slot, standby: standby, upstream: upstream, text: .known(Words(summary, evidence, cures)))
    }

    /// A finding of which there may be a thousand, which a scrape only counts: its words are made when somebody reads them.
    init(_ row: Verdict.Case, target: String, slot: String, words: @escaping @Sendable () -> Words) {
        self.init(row, target: target, slot: slot, standby: nil, upstream: nil, text: .made(words))
    }

    private init(_ row: Verdict.Case, target: String?, slot: String?, standby: String?, upstream: String?, text: Text) {
        code = row.code
        severity = row.severity
        confidence = row.confidence
        alert = row.alert
        self.target = target
        self.slot = slot
        self.standby = standby
        self.upstream = upstream
        self.text = text
    }
}

extension Finding {
    /// Itself as the cause of others.
    package var asCause: Cause { Cause(code: code, target: target, standby: standby) }

    /// What is said of a finding.
    struct Words: Sendable, Hashable {
        var summary: String
        var evidence: [Evidence]
        var cures: [Cure]

        init(_ summary: String, _ evidence: [Evidence], _ cures: [Cure]) {
            self.summary = summary
            self.evidence = evidence
            self.cures = cures
        }
    }

    private enum Text: Sendable {
        case known(Words)
        case made(@Sendable () -> Words)

        var words: Words {
            switch self {
            case .known(let words): words
            case .made(let make): make()
            }
        }
    }

    package static func == (one: Finding, other: Finding) -> Bool {
        one.code == other.code && one.severity == other.severity && one.confidence == other.confidence && one.alert == other.alert
            && one.target == other.target && one.slot == other.slot && one.standby == other.standby && one.upstream == other.upstream
            && one.silence == other.silence && one.cause == other.cause && one.withheld == other.withheld && one.text.words == other.text.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(target)
        hasher.combine(slot)
        hasher.combine(standby)
    }

    /// The finding without what destroys data: something else has to be decided first.
    func withholdingDestruction(_ reason: String) -> Finding {
        var finding = self
        finding.withheld = reason
        return finding
    }
}

/// The stable names of findings. A name, once released, keeps its meaning.
package enum FindingCode: String, Sendable, Hashable, CaseIterable {
    /// The target does not answer.
    case targetDown = "target_down"
    /// No REST interface of a Patroni cluster answers.
    case patroniDown = "patroni_down"
    /// Patroni runs, and does not reach its DCS.
    case patroniDCSUnreachable = "patroni_dcs_unreachable"
    /// Members that Patroni lists are not watched.
    case patroniMembersUnwatched = "patroni_members_unwatched"
    /// The exporter's role may not see what it needs.
    case privilegeMissing = "privilege_missing"
    /// A slot that the configuration or Patroni expects is not there.
    case slotMissing = "slot_missing"
    /// A standby is told to use a slot that its upstream does not have.
    case slotMissingAtUpstream = "slot_missing_at_upstream"
    /// A slot that was invalidated can never be used again.
    case slotLost = "slot_lost"
    /// A slot that nobody uses keeps WAL.
    case slotInactive = "slot_inactive"
    /// A slot that is in use will be lost soon: its consumer is too slow.
    case slotAboutToBeLost = "slot_about_to_be_lost"
    /// A slot that nobody used yet reserves nothing.
    case slotWithoutReserve = "slot_without_reserve"
    /// An inactive slot on a standby, left over from when it was the primary, keeps WAL there.
    case slotLeftOver = "slot_left_over"
    /// Patroni does not know this slot of the leader: the next switchover, or restart of Patroni, loses it.
    case slotNotPermanent = "slot_not_permanent"
    /// Slots may fill the disk: max_slot_wal_keep_size is not set.
    case slotRetentionUnlimited = "slot_retention_unlimited"
    /// A slot was lost, or gave way to another one of its name, and looks well now: its consumer has a gap.
    case slotRecreated = "slot_recreated"
    /// No standby keeps a copy of a slot that is meant to outlive a failover.
    case failoverSlotUnsynchronized = "failover_slot_unsynchronized"
    /// A standby has a failover slot of its own, from when it was a primary: no slot is synchronized to it.
    case failoverSlotInTheWay = "failover_slot_in_the_way"
    /// A slot of synchronized_standby_slots confirms nothing, so that all logical consumers wait.
    case synchronizedSlotBlocks = "synchronized_slot_blocks"
    /// pg_wal is larger than max_wal_size, and what keeps it is told by nothing else.
    case walKept = "wal_kept"
    /// How full the filesystem of pg_wal is cannot be read, though the server runs here or a directory is configured.
    case walFilesystemUnread = "wal_filesystem_unread"
    /// A standby that is expected is not connected.
    case standbyMissing = "standby_missing"
    /// A sender hears nothing from a standby that WAL waits for.
    case linkSilent = "link_silent"
    /// A standby that should stream does not.
    case standbyNotStreaming = "standby_not_streaming"
    /// A standby holds WAL that its upstream does not have, or followed after two primaries without a proven rewind or base backup.
    case standbyDiverged = "standby_diverged"
    /// WAL that a standby needs has been removed at its upstream.
    case walGoneAtUpstream = "wal_gone_at_upstream"
    /// A standby follows an older timeline than its system's primary writes.
    case timelineBehind = "timeline_behind"
    /// Replay is paused.
    case replayPaused = "replay_paused"
    /// The server does not have the role that is expected of it.
    case roleMismatch = "role_mismatch"
    /// More than one server of one system accepts writes.
    case twoPrimaries = "two_primaries"
    /// There were two primaries, and it is not proven that the other one was rewound or rebuilt.
    case splitBrainUnresolved = "split_brain_unresolved"
    /// Fewer synchronous standbys than synchronous_standby_names wants: commits wait.
    case syncNotSatisfied = "sync_not_satisfied"
    /// WAL is not being archived.
    case archiverFailing = "archiver_failing"
    /// WAL waits for the archive for long, whatever is counted as a failure.
    case archiveBacklogOld = "archive_backlog_old"
    /// pg_rewind could not bring this server back after a failover.
    case rewindNotReady = "rewind_not_ready"
    /// A former primary can come back, and how.
    case failback = "failback"
    /// A former primary can only come back by a base backup.
    case failbackNeedsBaseBackup = "failback_needs_base_backup"
}
