/// What the exporter may conclude under one code: the only place that says how bad that is, how certain, from how much on, and which alert says the
/// same. The rules, the table in docs/findings.md and the check of the alert rules are made from it.
package struct Verdict: Sendable, Hashable {
    package let code: FindingCode
    /// What it means: one sentence or two.
    package let meaning: String
    /// The circumstances that make it worse or better, the worst first. Each finding is of one of them.
    package let cases: [Case]
    /// What has to be known before it is concluded, as the views and functions have it. Where one of these is unknown, so is the verdict.
    package let facts: [String]
    /// Situations in which all is well although it looks like this.
    package let lookAlikes: [LookAlike]

    init(
        _ code: FindingCode,
        _ meaning: String,
        cases: [Case],
        facts: [String],
        lookAlikes: [LookAlike] = []
    ) {
        self.code = code
        self.meaning = meaning
        self.cases = cases
        self.facts = facts
        self.lookAlikes = lookAlikes
    }

    /// One circumstance of a verdict.
    package struct Case: Sendable, Hashable {
        package let code: FindingCode
        package let severity: Finding.Severity
        package let confidence: Finding.Confidence
        /// In which circumstance; empty: in any other one.
        package let circumstance: String
        /// What is compared with, by finding and alert.
        package let thresholds: [Threshold]
        /// The alert that says the same from the metrics, with the same severity; nil when there is none.
        package let alert: Alert?

        init(
            _ code: FindingCode,
            _ severity: Finding.Severity,
            _ confidence: Finding.Confidence = .proven,
            when circumstance: String = "",
            beyond thresholds: [Threshold] = [],
            alert: Alert? = nil
        ) {
            self.code = code
            self.severity = severity
            self.confidence = confidence
            self.circumstance = circumstance
            self.thresholds = thresholds
            self.alert = alert
        }
    }

    /// The twin of a finding among the alert rules. Its runbook is docs/runbooks/NAME.md.
    package struct Alert: Sendable, Hashable {
        package let name: String
        /// How long it holds before it fires, in seconds: `for` of the rule.
        package let holdSeconds: Int

        init(_ name: String, for seconds: Int = 0) {
            self.name = name
            holdSeconds = seconds
        }
    }

    /// A number that finding and alert compare with.
    package struct Threshold: Sendable, Hashable {
        /// As in `pgwal:threshold:NAME` of the alert rules.
        package let name: String
        /// In base units.
        package let value: Double

        init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// A healthy situation that is like the fault, and by what it is told from it.
    package struct LookAlike: Sendable, Hashable {
        package let situation: String
        package let toldBy: String
        /// The test that has run it: `Suite/function`.
        package let test: String

        init(_ situation: String, _ toldBy: String, test: String) {
            self.situation = situation
            self.toldBy = toldBy
            self.test = test
        }
    }
}

extension Verdict {
    /// The whole table, in the order of the codes.
    package static let all: [Verdict] = {
        let verdicts = Dictionary(
            uniqueKeysWithValues: (ofTargets + ofSlots + ofRetention + ofFailoverSlots + ofStandbys + ofPrimaries).map { ($0.code, $0) }
        )
        return FindingCode.allCases.compactMap { verdicts[$0] }
    }()
}

extension Verdict.Threshold {
    /// How long a standby has to begin to stream after its start, in seconds: its first attempt may come before that of who makes its slot (Patroni
    /// every 10 seconds), and the next one comes after wal_retrieve_retry_interval.
    package static let standbyStart = Self("standby_start_seconds", 15)
    /// Bytes that an inactive slot may keep.
    package static let slotInactiveBytes = Self("slot_inactive_bytes", 1_073_741_824)
    /// How old the WAL may be that an inactive slot keeps, in seconds.
    package static let slotInactiveAge = Self("slot_inactive_age_seconds", 900)
    /// Time left before a slot is lost, in seconds.
    package static let timeToLost = Self("time_to_lost_seconds", 3_600)
    /// How long a file may wait for the archive, in seconds. A command that takes some minutes for a file is slow, and works.
    package static let archiveBacklogAge = Self("archive_backlog_age_seconds", 900)
}
