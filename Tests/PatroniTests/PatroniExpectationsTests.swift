import ReplicationModel
import Testing

@testable import Patroni

struct PatroniExpectationsTests {
    // MARK: Members

    @Test("Replicas need a slot and a connection at the leader, whoever leads")
    func regularCluster() {
        let cluster = cluster([leader("a-1"), replica("a-2"), replica("a-3")])
        #expect(slots("a-1", cluster) == ["a_2 physical primary", "a_3 physical primary"])
        #expect(standbys("a-1", cluster) == ["a-2 primary", "a-3 primary"])
        // The leader streams from nobody, but a replica may lead before the next poll.
        #expect(slots("a-2", cluster) == ["a_3 physical primary"])
        #expect(standbys("a-2", cluster) == ["a-3 primary"])
    }

    @Test("After a change of the leader the former one is expected where it streams from now")
    func leaderChange() {
        let cluster = cluster([replica("a-1"), leader("a-2"), replica("a-3")])
        #expect(slots("a-2", cluster) == ["a_1 physical primary", "a_3 physical primary"])
        #expect(slots("a-1", cluster) == ["a_3 physical primary"])
    }

    @Test("Without a leader each member is prepared to be the next one")
    func noLeader() {
        let cluster = cluster([replica("a-2"), replica("a-3")])
        #expect(slots("a-2", cluster) == ["a_3 physical primary"])
        #expect(slots("a-3", cluster) == ["a_2 physical primary"])
    }

    @Test("What is recorded of real clusters is what was seen in their pg_replication_slots", arguments: [(true, "any"), (false, "primary")])
    func recorded(isVersion4: Bool, scope: String) throws {
        var recorded = PatroniCluster(name: "a")
        recorded.members = try AnswerReader.read(ClusterAnswer.self, Array((isVersion4 ? Recordings.healthy4 : Recordings.healthy3).utf8)).answer
            .members
        recorded.settings = try AnswerReader.read(SettingsAnswer.self, Array((isVersion4 ? Recordings.settings4 : Recordings.settings3).utf8)).answer
            .settings
        recorded.version = try AnswerReader.read(StatusAnswer.self, Array((isVersion4 ? Recordings.status4 : Recordings.status3).utf8)).answer.version
        #expect(slots("a-1", recorded) == ["a_2 physical primary", "cdc logical primary", "dc2_slot physical \(scope)"])
        #expect(standbys("a-1", recorded) == ["a-2 primary"])
        #expect(slots("a-2", recorded) == ["a_3 physical any", "cdc logical primary", "dc2_slot physical \(scope)"])
        #expect(standbys("a-2", recorded) == ["a-3 any"])
        // It is tagged nofailover.
        #expect(slots("a-3", recorded) == ["a_2 physical primary"])
    }

    @Test("A member that streams from another one is expected there, in either role, and nowhere else")
    func cascade() {
        let cluster = cluster([leader("a-1"), replica("a-2"), replica("a-3", from: "a-2")])
        #expect(slots("a-1", cluster) == ["a_2 physical primary"])
        #expect(slots("a-2", cluster) == ["a_3 physical any"])
        #expect(standbys("a-2", cluster) == ["a-3 any"])
        #expect(slots("a-3", cluster) == ["a_2 physical primary"])
    }

    @Test("A member whose source is gone streams from the leader")
    func orphan() {
        let cluster = cluster([leader("a-1"), replica("a-3", from: "a-2")])
        #expect(slots("a-1", cluster) == ["a_3 physical primary"])
        #expect(standbys("a-1", cluster) == ["a-3 primary"])
    }

    @Test("The leader's own replicatefrom means nothing while it leads")
    func leadingCascade() {
        let cluster = cluster([leader("a-1", from: "a-2"), replica("a-2")])
        #expect(slots("a-2", cluster) == [])
        #expect(standbys("a-2", cluster) == [])
    }

    @Test("A member that does not stream needs neither slot nor connection")
    func noStream() {
        var archived = replica("a-2")
        archived.isNotStreaming = true
        let cluster = cluster([leader("a-1"), archived, replica("a-3")])
        #expect(slots("a-1", cluster) == ["a_3 physical primary"])
        #expect(standbys("a-1", cluster) == ["a-3 primary"])
    }

    @Test(
        "A member that is not known to run expects nothing and is not expected",
        arguments: ["stopped", "starting", "creating replica", "crashed", ""]
    )
    func notRunning(state: String) {
        var down = replica("a-2")
        down.state = state
        let cluster = cluster([leader("a-1"), down, replica("a-3")], PatroniSettings(permanentSlots: [.init(name: "p", type: .physical)]))
        #expect(PatroniExpectations(cluster).expectations(of: "a-2", adding: [upstreamSlot]) == Expectations())
        #expect(standbys("a-1", cluster) == ["a-3 primary"])
        #expect(slots("a-1", cluster) == ["a_3 physical primary", "p physical any"])
    }

    @Test("A replica that runs without streaming is expected to stream", arguments: ["running", "in archive recovery", "streaming"])
    func notStreaming(state: String) {
        var lagging = replica("a-2")
        lagging.state = state
        #expect(standbys("a-1", cluster([leader("a-1"), lagging])) == ["a-2 primary"])
    }

    @Test("Nothing is expected of a stranger, nor of a cluster that has not answered yet")
    func unknown() {
        #expect(PatroniExpectations(cluster([leader("a-1"), replica("a-2")])).expectations(of: "b-1") == Expectations())
        #expect(PatroniExpectations(PatroniCluster(name: "a")).expectations(of: "a-1") == Expectations())
    }

    @Test("Without slots, or while it is unknown whether there are any, only connections are expected")
    func slotsOff() {
        let permanent = [PatroniSettings.PermanentSlot(name: "p", type: .physical)]
        var cluster = cluster([leader("a-1"), replica("a-2")], PatroniSettings(permanentSlots: permanent, usesSlots: false))
        #expect(slots("a-1", cluster) == [])
        #expect(standbys("a-1", cluster) == ["a-2 primary"])
        cluster.settings = nil
        #expect(slots("a-1", cluster) == [])
        #expect(standbys("a-1", cluster) == ["a-2 primary"])
    }

    @Test("Patroni never moves a role against its own will: no role is expected, and all comes from Patroni")
    func sourceAndRole() {
        let expectations = PatroniExpectations(cluster([leader("a-1"), replica("a-2")])).expectations(of: "a-1")
        #expect(expectations.role == nil)
        #expect(expectations.slots.map(\.source) == [.patroni])
        #expect(expectations.standbys.map(\.source) == [.patroni])
    }

    // MARK: Permanent slots

    @Test(
        "Replicas keep permanent physical slots from 3.2 on; of an unknown version nothing is claimed",
        arguments: [((3, 1), "primary"), ((3, 2), "any"), ((4, 0), "any"), (nil, "primary")] as [((Int, Int)?, String)]
    )
    func versionGate(version: (Int, Int)?, scope: String) {
        var cluster = cluster([leader("a-1"), replica("a-2")], permanent("p"))
        cluster.version = version.map { .init(major: $0.0, minor: $0.1) }
        #expect(slots("a-2", cluster) == ["p physical \(scope)"])
    }

    @Test("Logical permanent slots are certain on the primary only")
    func logical() {
        let cluster = cluster([leader("a-1"), replica("a-2")], PatroniSettings(permanentSlots: [.init(name: "cdc", type: .logical)]))
        #expect(slots("a-2", cluster) == ["cdc logical primary"])
    }

    @Test("An entry named like a member is not created on that member, and is one slot with the member's on the others")
    func namedLikeMember() {
        let cluster = cluster([leader("a-1"), replica("a-2"), replica("a-3")], permanent("a_2", "a_3"))
        #expect(slots("a-1", cluster) == ["a_2 physical any", "a_3 physical any"])
        #expect(slots("a-2", cluster) == ["a_3 physical any"])
    }

    @Test("A logical slot that is named like a member is not created")
    func logicalNamedLikeMember() {
        let cluster = cluster([leader("a-1"), replica("a-2")], PatroniSettings(permanentSlots: [.init(name: "a_2", type: .logical)]))
        #expect(slots("a-1", cluster) == ["a_2 physical primary"])
        #expect(slots("a-2", cluster) == [])
    }

    @Test("A member that can never lead has no permanent slots; one that does not stream is left alone as a replica")
    func excluded() {
        var excluded = replica("a-2")
        excluded.isExcludedFromFailover = true
        var archived = replica("a-3")
        archived.isNotStreaming = true
        let cluster = cluster([leader("a-1"), excluded, archived], permanent("p"))
        #expect(slots("a-2", cluster) == [])
        #expect(slots("a-3", cluster) == ["a_2 physical primary", "p physical primary"])
    }

    @Test("cluster_type says which kind of cluster shall have the slot")
    func clusterType() {
        let settings = PatroniSettings(permanentSlots: [
            .init(name: "p", type: .physical, clusterType: "primary"), .init(name: "s", type: .physical, clusterType: "standby"),
        ])
        #expect(slots("a-1", cluster([leader("a-1")], settings)) == ["p physical any"])
        #expect(slots("b-1", cluster([leader("b-1", role: "standby_leader")], settings)) == ["s physical any"])
    }

    // MARK: Standby clusters

    @Test("A standby cluster's replicas stream from a leader that is in recovery itself", arguments: [true, false])
    func standbyCluster(isVersion4: Bool) throws {
        var recorded = PatroniCluster(name: "b")
        recorded.members = try AnswerReader.read(ClusterAnswer.self, Array((isVersion4 ? Recordings.incident4 : Recordings.incident3).utf8)).answer
            .members
        recorded.settings = try AnswerReader.read(
            SettingsAnswer.self,
            Array((isVersion4 ? Recordings.standbySettings4 : Recordings.standbySettings3).utf8)
        ).answer.settings
        #expect(slots("b-1", recorded) == ["b_2 physical any"])
        #expect(standbys("b-1", recorded) == ["b-2 any"])
        #expect(slots("b-2", recorded) == [])
        #expect(standbys("b-2", recorded) == [])
    }

    @Test("In a standby cluster nobody streams from a member that does not lead, unless told to")
    func standbyReplicas() {
        let leader = leader("b-1", role: "standby_leader")
        let cluster = cluster([leader, replica("b-2"), replica("b-3"), replica("b-4", from: "b-2")])
        #expect(slots("b-1", cluster) == ["b_2 physical any", "b_3 physical any"])
        #expect(slots("b-2", cluster) == ["b_4 physical any"])
        #expect(standbys("b-3", cluster) == [])
    }

    @Test("Permanent slots of a standby cluster: physical ones on its leader, from 3.2 on also on its replicas")
    func standbyPermanent() {
        let settings = PatroniSettings(permanentSlots: [.init(name: "p", type: .physical), .init(name: "cdc", type: .logical)])
        var cluster = cluster([leader("b-1", role: "standby_leader"), replica("b-2")], settings)
        #expect(slots("b-1", cluster) == ["b_2 physical any", "p physical any"])
        #expect(slots("b-2", cluster) == ["p physical any"])
        cluster.version = .init(major: 3, minor: 0)
        #expect(slots("b-1", cluster) == ["b_2 physical any", "p physical any"])
        #expect(slots("b-2", cluster) == [])
    }

    // MARK: Two clusters

    @Test("The slot of a standby cluster is expected of all members of its upstream")
    func upstream() {
        let upstream = PatroniExpectations.upstream(of: [site1, site2(host: "10.0.0.1", port: nil)])
        #expect(upstream.unresolved == [])
        #expect(upstream.slots == ["site1": [upstreamSlot]])
        let expectations = PatroniExpectations(site1).expectations(of: "a-2", adding: upstream.slots["site1"] ?? [])
        #expect(expectations.slots == [upstreamSlot])
    }

    @Test("A permanent slot of the same name covers the upstream's")
    func upstreamAndPermanent() {
        var cluster = site1
        cluster.settings = permanent("standby_cluster")
        #expect(PatroniExpectations(cluster).expectations(of: "a-2", adding: [upstreamSlot]).slots.map(\.scope) == [.any])
    }

    @Test("Several hosts, and a slot name that Patroni makes valid")
    func upstreamHosts() {
        let slot = PatroniExpectations.standbyClusterSlot(of: site2(host: "10.0.0.9, 10.0.0.2", port: 5433, slotName: "Standby-1"))
        #expect(
            slot
                == .init(
                    cluster: "site2",
                    slotName: "standby_1",
                    upstream: [.init(host: "10.0.0.9", port: 5433), .init(host: "10.0.0.2", port: 5433)]
                )
        )
    }

    @Test("An address that is no member's is left to others, and so is one with another port", arguments: [("10.0.0.100", 5432), ("10.0.0.1", 5433)])
    func unresolved(host: String, port: Int) {
        let upstream = PatroniExpectations.upstream(of: [site1, site2(host: host, port: port)])
        #expect(upstream.slots == [:])
        #expect(upstream.unresolved == [.init(cluster: "site2", slotName: "standby_cluster", upstream: [.init(host: host, port: port)])])
    }

    @Test("A cluster is never its own upstream")
    func ownUpstream() {
        #expect(PatroniExpectations.upstream(of: [site2(host: "10.1.0.1", port: 5432)]).slots == [:])
    }

    @Test("No slot, or no standby cluster any more: nothing is needed upstream")
    func noUpstream() {
        #expect(PatroniExpectations.standbyClusterSlot(of: site2(host: "10.0.0.1", port: 5432, slotName: nil)) == nil)
        var promoted = site2(host: "10.0.0.1", port: 5432)
        promoted.members[0].role = "leader"
        #expect(PatroniExpectations.standbyClusterSlot(of: promoted) == nil)
        var slotless = site2(host: "10.0.0.1", port: 5432)
        slotless.settings?.usesSlots = false
        #expect(PatroniExpectations.standbyClusterSlot(of: slotless) == nil)
        #expect(PatroniExpectations.standbyClusterSlot(of: site1) == nil)
    }

    @Test("Asked for one role, only what is expected in it, so that not every member has a list of all the others")
    func byRole() {
        let members = [leader("a-1"), replica("a-2"), replica("a-3", from: "a-2"), replica("a-4")]
        let relations = PatroniExpectations(cluster(members, permanent("kept")))
        for (member, role, slots) in [
            ("a-1", ServerRole.primary, ["a_2", "a_4", "kept"]), ("a-1", .standby, ["kept"]), ("a-2", .standby, ["a_3", "kept"]),
            ("a-2", .primary, ["a_3", "a_4", "kept"]), ("a-4", .standby, ["kept"]),
        ] {
            #expect(relations.expectations(of: member, as: role).slots.map(\.name) == slots)
        }
        #expect(relations.role(of: "a-1") == .primary && relations.role(of: "a-2") == .standby && relations.role(of: "x") == nil)
    }

    // MARK: Names

    @Test(
        "A connection's name is the member's, as long as PostgreSQL takes it as it is",
        arguments: [("a-1.Example", "a-1.Example"), ("é", nil), (String(repeating: "x", count: 64), String(repeating: "x", count: 63))]
    )
    func applicationName(member: String, name: String?) {
        #expect(MemberNames.applicationName(of: member) == name)
    }

    @Test("Slots are named as Patroni names them")
    func slotNames() {
        let cluster = cluster([leader("x"), replica("PG-1.dc2"), replica("pg 1")])
        #expect(slots("x", cluster) == ["pg_1_dc2 physical primary", "pgu00321 physical primary"])
    }
}

private func slots(_ member: String, _ cluster: PatroniCluster) -> [String] {
    PatroniExpectations(cluster).expectations(of: member).slots.map { "\($0.name) \($0.type?.rawValue ?? "?") \($0.scope)" }
}

private func standbys(_ member: String, _ cluster: PatroniCluster) -> [String] {
    PatroniExpectations(cluster).expectations(of: member).standbys.map { "\($0.applicationName) \($0.scope)" }
}

private func leader(_ name: String, role: String = "leader", from source: String? = nil) -> PatroniMember {
    PatroniMember(name: name, role: role, state: "running", address: nil, replicatesFrom: source)
}

private func replica(_ name: String, from source: String? = nil) -> PatroniMember {
    PatroniMember(name: name, role: "replica", state: "streaming", address: nil, replicatesFrom: source)
}

private func permanent(_ names: String...) -> PatroniSettings {
    PatroniSettings(permanentSlots: names.map { .init(name: $0, type: .physical) })
}

private func cluster(_ members: [PatroniMember], _ settings: PatroniSettings = PatroniSettings()) -> PatroniCluster {
    var cluster = PatroniCluster(name: "a")
    cluster.members = members
    cluster.settings = settings
    cluster.version = .init(major: 4, minor: 1)
    return cluster
}

private let upstreamSlot = ExpectedSlot(name: "standby_cluster", type: .physical, scope: .primary, source: .patroni)

private let site1: PatroniCluster = {
    var cluster = cluster([leader("a-1"), replica("a-2")])
    cluster.name = "site1"
    cluster.members[0].address = ServerAddress(host: "10.0.0.1", port: 5432)
    cluster.members[1].address = ServerAddress(host: "10.0.0.2", port: 5432)
    return cluster
}()

private func site2(host: String, port: Int?, slotName: String? = "standby_cluster") -> PatroniCluster {
    let standby = PatroniSettings.StandbyCluster(host: host, port: port, slotName: slotName)
    var cluster = cluster([leader("b-1", role: "standby_leader")], PatroniSettings(standbyCluster: standby))
    cluster.name = "site2"
    cluster.members[0].address = ServerAddress(host: "10.1.0.1", port: 5432)
    return cluster
}
