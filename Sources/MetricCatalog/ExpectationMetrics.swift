import ReplicationModel

/// What should be there, and is it? An expected thing that is absent is a series with the value 1, not a series that vanished.
enum ExpectationMetrics {
    private static let expected = Metric.Availability.from(13, nil, when: "something is expected")
    private static let known = Metric.Availability.from(13, nil, when: "something is expected, and the server says what there is")
    private static let source = "expect: in the configuration, Patroni"

    static let all: [Metric] = [
        .number(
            "slot_expected",
            of: .expectedSlot,
            "1: this slot should be on this server, in the role that the expectation names; also while the server is down.",
            source: source,
            expected
        ) { _ in 1 },
        .number(
            "slot_missing",
            of: .expectedSlot,
            "1: this slot should be on this server, in the role it has now, and is not; 0: it is there, or not expected in this role.",
            source: "pg_replication_slots; \(source)",
            known
        ) { expectation in expectation.presence.flatMap { $0.isMissing(expectation.subject) } },
        .number(
            "standby_expected",
            of: .expectedStandby,
            "1: this standby should be connected to this server, in the role that the expectation names; also while the server is down.",
            source: source,
            expected
        ) { _ in 1 },
        .number(
            "standby_missing",
            of: .expectedStandby,
            "1: this standby should be connected to this server, in the role it has now, and is not; 0: it streams or catches up, or is not expected.",
            source: "pg_stat_replication.application_name, state; \(source)",
            known
        ) { expectation in expectation.presence.flatMap { $0.isMissing(expectation.subject) } },
        .states(
            "role_expected",
            of: .target,
            "role",
            ["any", "primary", "standby"],
            "The role that this target should have: `primary` is what an address that follows the primary (VIP) is expected to lead to.",
            source: "expect: in the configuration"
        ) { $0.expectations.role?.rawValue ?? "any" },
        .number(
            "role_mismatch",
            of: .target,
            "1: the server has another role than the expected one; 0: it has that role, or either will do.",
            source: "pg_is_in_recovery(); expect: in the configuration",
            .from(13, nil, when: "the target is up")
        ) { report in report.snapshot.map(report.expectations.isRoleMismatched) },
        .number(
            "delay_expected_seconds",
            of: .target,
            "How late this standby is on purpose: the greater of expect.delay and recovery_min_apply_delay.",
            source: "expect: in the configuration; recovery_min_apply_delay",
            .from(13, .standby, when: "it is delayed on purpose")
        ) { (report: TargetReport) -> Double? in
            guard let snapshot = report.snapshot, snapshot.role == .standby else { return nil }
            let delay = max(report.expectations.delaySeconds ?? 0, snapshot.settings?.recoveryMinApplyDelaySeconds ?? 0)
            return delay > 0 ? delay : nil
        },
    ]
}

/// Something expected of a target, and what there is.
struct Expected<Subject: Sendable>: Sendable {
    let subject: Subject
    /// What there is; nil while the target is down.
    let presence: Presence?
}

extension Subjects where Subject == Expected<ExpectedSlot> {
    static var expectedSlot: Self {
        Subjects(["slot_name", "source"]) { view, visit in
            guard !view.report.expectations.slots.isEmpty else { return }
            let presence = view.report.snapshot.map(Presence.init)
            for slot in view.report.expectations.slots {
                visit(Expected(subject: slot, presence: presence), view.expectation("slot_name", slot.name, slot.source))
            }
        }
    }
}

extension Subjects where Subject == Expected<ExpectedStandby> {
    static var expectedStandby: Self {
        Subjects(["application_name", "source"]) { view, visit in
            guard !view.report.expectations.standbys.isEmpty else { return }
            let presence = view.report.snapshot.map(Presence.init)
            for standby in view.report.expectations.standbys {
                let labels = view.expectation("application_name", standby.applicationName, standby.source)
                visit(Expected(subject: standby, presence: presence), labels)
            }
        }
    }
}
