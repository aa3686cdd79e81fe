import Checks
import Exposition
import Judgement
import MetricCatalog
import ReplicationModel
@testable import Patroni
@testable import SingleFiles

/// What Patroni answers, from the JSON to the members that are watched, what is expected of them and the page. The lines are the answers of
/// `/patroni`, `/cluster`, `/config`, `/history`, then the same of the next poll or, behind a line of one `-`, of another cluster.
@Sendable func fuzzPatroni(_ input: Input) {
    var clusters: [PatroniCluster] = []
    var watched: [WatchedMembers] = []
    let poll = Poll(input: input)
    for lines in input.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).prefix(64).split(separator: Array("-".utf8)[...])
    {
        var cluster = PatroniCluster(name: "c\(clusters.count)", endpoints: [.init(url: "http://10.77.1.11:8008", problem: nil)])
        var members = WatchedMembers(limit: 8)
        for (index, line) in lines.enumerated() {
            poll.read(Array(line), path: index % 4, into: &cluster)
            guard index % 4 == 1 else { continue }
            members.update(cluster.members, isTarget: { $0.port == 6000 }, isOutside: { $0.port == 7000 }, at: MonotonicTime(Double(index * 1000)))
            check(members)
        }
        clusters.append(cluster)
        watched.append(members)
    }
    let upstream = PatroniExpectations.upstream(of: clusters)
    var reports: [TargetReport] = []
    for (cluster, members) in zip(clusters, watched) {
        reports += look(at: cluster, members, upstream.slots[cluster.name] ?? [])
    }
    for slot in upstream.unresolved { checkName(ofSlot: slot.slotName) }
    for finding in Findings.all(of: FleetView(reports: reports, clusters: clusters, now: 1_795_453_600)) {
        hold(!finding.summary.isEmpty, "a finding without words")
    }
    let format = input.anyFormat
    PageCheck.checkSeries(Catalog.page(of: reports, clusters: clusters, exporter: nil, format: format), format)
}

private struct Poll {
    let input: Input

    func read(_ text: [UInt8], path: Int, into cluster: inout PatroniCluster) {
        switch path {
        case 0:
            if let answer = read(StatusAnswer.self, text) { cluster.version = answer.version ?? cluster.version }
        case 1:
            guard let answer = read(ClusterAnswer.self, text) else { return }
            cluster.members = answer.members
            cluster.isPaused = answer.isPaused
            cluster.readAt = 1_795_453_600
            for member in answer.members { check(member) }
            hold(Set(answer.members.map(\.name)).count == answer.members.count, "two members of one name")
            hold(answer.members.count <= 1000, "\(answer.members.count) members")
        case 2:
            guard let answer = read(SettingsAnswer.self, text) else { return }
            cluster.settings = answer.settings
            let ports = answer.settings.standbyCluster?.ports ?? []
            hold(ports.allSatisfy((1...65_535).contains), "no ports: \(ports)")
            hold(answer.settings.permanentSlots.count <= 1000, "\(answer.settings.permanentSlots.count) slots")
        default:
            guard let answer = read(HistoryAnswer.self, text) else { return }
            cluster.lastSwitch = answer.lastSwitch
            if let time = answer.lastSwitch { hold(time.isFinite && abs(time) < 1e12, "a switch at \(time)") }
        }
    }

    private func read<Answer: Readable>(_ type: Answer.Type, _ text: [UInt8]) -> Answer? {
        do throws(AnswerError) {
            let read = try AnswerReader.read(type, text)
            hold(read.oddities.count <= Oddities.maximum + 1, "\(read.oddities.count) oddities are told")
            for oddity in read.oddities { check(told: oddity) }
            return read.answer
        } catch {
            check(told: error.description)
            return nil
        }
    }

    private func check(told text: String) {
        hold(!text.isEmpty && text.isOneLine, "not one line: \(text.debugDescription)")
        hold(text.utf8.count < 10_000, "\(text.utf8.count) bytes are told")
        if Planted.isIn(text) { hold(!input.showsValuesAlone, "a value is told: \(text)") }
    }

    private func check(_ member: PatroniMember) {
        hold(!member.name.isEmpty, "a member without a name")
        for text in [member.name, member.role, member.state, member.replicatesFrom ?? ""] {
            hold(text.isOneLine && text.utf8.count <= 255, "no label: \(text.debugDescription)")
        }
        for address in member.addresses {
            hold((1...65_535).contains(address.port) && !address.host.isEmpty, "no address: \(address)")
        }
        _ = member.addresses.map(\.normalized)
    }
}

private func check(_ watched: WatchedMembers) {
    hold(watched.members.count <= watched.limit, "\(watched.members.count) are watched")
    hold(Set(watched.members.map(\.name)).count == watched.members.count, "two targets of one name")
    let addresses = watched.members.map { Set($0.addresses.map(\.normalized)) }
    hold(addresses.allSatisfy { !$0.isEmpty }, "one without an address is watched")
    hold(addresses.reduce(0) { $0 + $1.count } == Set(addresses.joined()).count, "two targets at one address: \(watched.members)")
    hold(watched.members.allSatisfy { $0.addresses.allSatisfy { $0.port != 7000 } }, "one outside is watched")
    hold(watched.omissions.allSatisfy(\.isOneLine), "an omission is not one line")
}

/// - Returns: a report on each watched member.
private func look(at cluster: PatroniCluster, _ watched: WatchedMembers, _ upstream: [ExpectedSlot]) -> [TargetReport] {
    let expectations = PatroniExpectations(cluster)
    for member in cluster.members { check(expectations.expectations(of: member.name, adding: upstream)) }
    return watched.members.map { member in
        let role = expectations.role(of: member.name)
        let expected = expectations.expectations(of: member.name, as: role, adding: upstream)
        check(expected)
        return TargetReport(
            name: "\(cluster.name)/\(member.name)",
            labels: [],
            outcome: role.map { .up(snapshot(of: member.name, as: $0)) } ?? .down(reason: "no answer"),
            seconds: 0,
            connects: 0,
            errors: [:],
            expectations: expected,
            membership: .init(cluster: cluster.name, member: member.name),
            addresses: member.addresses
        )
    }
}

/// A server that has nothing of what may be expected of it.
private func snapshot(of member: String, as role: ServerRole) -> ServerSnapshot {
    var snapshot = ServerSnapshot(identity: ServerIdentity(name: member, major: 18), role: role)
    snapshot.slots = []
    snapshot.walsenders = []
    return snapshot
}

private func check(_ expected: Expectations) {
    hold(Set(expected.slots.map(\.name)).count == expected.slots.count, "a slot is expected twice")
    hold(Set(expected.standbys.map(\.applicationName)).count == expected.standbys.count, "a standby is expected twice")
    for standby in expected.standbys { hold(standby.applicationName.utf8.count <= 63, "no application_name: \(standby.applicationName)") }
}

/// As PostgreSQL takes it, for it is looked for among those that PostgreSQL has.
private func checkName(ofSlot name: String) {
    hold(name.utf8.count <= 63 && name.isOneLine, "no name of a slot: \(name.debugDescription)")
}

extension String {
    fileprivate var isOneLine: Bool { utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}

extension Input {
    /// Whether what is planted stands nowhere as a name, which may be told. An escape hides what is what.
    fileprivate var showsValuesAlone: Bool {
        guard !bytes.contains(UInt8(ascii: "\\")) else { return false }
        let planted = Array(Planted.password.utf8)
        var rest = bytes[...]
        while let found = rest.firstRange(of: planted) {
            rest = rest[found.upperBound...]
            let behind = rest.drop { $0 != UInt8(ascii: "\"") }.dropFirst().drop { " \t\r".utf8.contains($0) }
            if behind.first == UInt8(ascii: ":") { return false }
        }
        return true
    }
}
