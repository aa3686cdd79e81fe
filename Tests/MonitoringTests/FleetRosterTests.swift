import ExporterConfiguration
import ReplicationModel
import Testing

@testable import Monitoring

/// Members of Patroni become targets, and what Patroni says becomes what is expected of them.
struct FleetRosterTests {
    private static let now = 1_000.0

    @Test("Members become targets named CLUSTER/MEMBER, after the configured ones")
    func members() {
        var roster = roster(targets: [target("vip", host: "10.0.0.100")])
        #expect(names(roster) == ["vip"])
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.0.2")]), at: Self.now)
        roster.update(cluster("dc2", [member("a", "10.0.1.1", role: "standby_leader")]), at: Self.now)
        #expect(names(roster) == ["vip", "dc1/a", "dc1/b", "dc2/a"])
        #expect(roster.entries[1].address == ServerAddress(host: "10.0.0.1", port: 5432))
        #expect(annotation(roster, "dc1/a").membership == .init(cluster: "dc1", member: "a"))
        #expect(annotation(roster, "vip").membership == nil)
    }

    @Test("A member that is a configured target already keeps that name, and is no target twice")
    func adopted() {
        var roster = roster(targets: [target("orders-a", host: "10.0.0.1")])
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.0.2")]), at: Self.now)
        #expect(names(roster) == ["orders-a", "dc1/b"])
        #expect(annotation(roster, "orders-a").membership == .init(cluster: "dc1", member: "a"))
        #expect(slots(roster, "orders-a") == ["b/primary/patroni"])
    }

    @Test("A member that Patroni lists no more stays for an hour: that it is gone is worth an alert")
    func gone() {
        var roster = roster()
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.0.2")]), at: Self.now)
        let alone = cluster("dc1", [member("a", "10.0.0.1", role: "leader")])
        roster.update(alone, at: Self.now + 3600)
        #expect(names(roster) == ["dc1/a", "dc1/b"])
        #expect(annotation(roster, "dc1/b").membership == .init(cluster: "dc1", member: "b"))
        roster.update(alone, at: Self.now + 3601)
        #expect(names(roster) == ["dc1/a"])
        #expect(annotation(roster, "dc1/b").membership == nil)
    }

    @Test("A member that moves is looked for at its new address")
    func moved() {
        var roster = roster()
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader")]), at: Self.now)
        roster.update(cluster("dc1", [member("a", "10.0.0.9", role: "leader")]), at: Self.now + 1)
        #expect(roster.entries.map(\.address?.host) == ["10.0.0.9"])
    }

    @Test("A member outside the cluster's ranges is no target, and told; its name may lead anywhere, so that its entry says where it may")
    func outside() throws {
        var confined = PatroniConfiguration(name: "dc1", urls: ["http://a"], dsn: Secret(""))
        confined.membersWithin = try [#require(AddressRange("10.0.0.0/24"))]
        var roster = FleetRoster(Configuration(targets: [], patroni: [confined], origin: .file("x")), addresses: [:])
        let listed = [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.1.1"), member("c", "pg.example"), member("d", "::ffff:10.0.1.2")]
        roster.update(cluster("dc1", listed), at: Self.now)
        #expect(names(roster) == ["dc1/a", "dc1/c"])
        #expect(roster.entries.map(\.within) == [confined.membersWithin, confined.membersWithin])
        #expect(roster.clusters.first?.unwatched[.outside] == ["b", "d"])
        #expect(roster.clusters.first?.oddities == ["members that are not watched, for they are outside members_within: b, d"])
    }

    @Test("A member whose address Patroni does not tell is no target")
    func withoutAddress() {
        var roster = roster()
        var unknown = member("a", "10.0.0.1")
        unknown.address = nil
        roster.update(cluster("dc1", [unknown]), at: Self.now)
        #expect(roster.entries.isEmpty)
    }

    @Test("What is expected of a leader is not expected of it once it is a standby, also before Patroni is asked again")
    func leaderChange() {
        var roster = roster()
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.0.2")]), at: Self.now)
        #expect(slots(roster, "dc1/a") == ["b/primary/patroni"] && slots(roster, "dc1/b") == [])
        roster.update(cluster("dc1", [member("a", "10.0.0.1"), member("b", "10.0.0.2", role: "leader")]), at: Self.now + 1)
        #expect(slots(roster, "dc1/a") == [] && slots(roster, "dc1/b") == ["a/primary/patroni"])
    }

    @Test("What the file expects of a cluster is expected of each member, and of a configured target besides its own")
    func configured() {
        let own = TargetConfiguration.Expectations(role: .primary, slots: [.init(name: "own", kind: nil, on: .any)])
        let ofCluster = TargetConfiguration.Expectations(slots: [.init(name: "standby_cluster", kind: .physical, on: .primary)])
        var roster = roster(targets: [target("orders-a", host: "10.0.0.1", expect: own)], expectOfDC1: ofCluster)
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader")]), at: Self.now)
        #expect(slots(roster, "orders-a") == ["own/any/config", "standby_cluster/primary/config"])
        #expect(annotation(roster, "orders-a").expectations.role == .primary)
    }

    @Test("The slot of a standby cluster is expected at the members of the cluster that it follows by its address")
    func upstreamByAddress() {
        var roster = roster()
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader")]), at: Self.now)
        roster.update(standbyCluster(host: "10.0.0.1"), at: Self.now)
        #expect(slots(roster, "dc1/a") == ["standby_cluster/primary/patroni"])
        #expect(slots(roster, "dc2/a") == [])
    }

    @Test("Behind a virtual address, it is expected at the members of the other cluster with the same system identifier")
    func upstreamBySystem() {
        var roster = roster(targets: [target("vip", host: "10.0.0.100"), target("other", host: "10.9.9.9")])
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.0.2")]), at: Self.now)
        roster.update(standbyCluster(host: "10.0.0.100"), at: Self.now)
        #expect(slots(roster, "dc1/a") == ["b/primary/patroni"])
        for target in ["vip", "dc1/a", "dc1/b", "dc2/a"] { roster.note("7711", of: target) }
        roster.note("4242", of: "other")
        #expect(slots(roster, "dc1/a") == ["b/primary/patroni", "standby_cluster/primary/patroni"])
        #expect(slots(roster, "dc1/b") == ["standby_cluster/primary/patroni"])
        #expect(slots(roster, "vip") == [] && slots(roster, "other") == [] && slots(roster, "dc2/a") == [])
    }

    @Test("Where the upstream has no Patroni that is watched, the targets of that system are meant")
    func upstreamWithoutPatroni() {
        var roster = roster(targets: [target("primary", host: "10.0.0.1")])
        roster.update(standbyCluster(host: "10.0.0.100"), at: Self.now)
        roster.note("7711", of: "primary")
        roster.note("7711", of: "dc2/a")
        #expect(slots(roster, "primary") == ["standby_cluster/primary/patroni"])
    }

    @Test("A standby cluster that was promoted needs no slot any more")
    func promoted() {
        var roster = roster()
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader")]), at: Self.now)
        roster.update(standbyCluster(host: "10.0.0.1"), at: Self.now)
        var promoted = cluster("dc2", [member("a", "10.0.1.1", role: "leader")])
        promoted.settings = PatroniSettings()
        roster.update(promoted, at: Self.now + 1)
        #expect(slots(roster, "dc1/a") == [])
    }

    @Test("What Patroni wants in the other role is left out, what the file expects is not, and while a server is down its role by Patroni counts")
    func byRole() {
        let ofCluster = TargetConfiguration.Expectations(slots: [.init(name: "own", kind: nil, on: .primary)])
        var roster = roster(expectOfDC1: ofCluster)
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.0.2")]), at: Self.now)
        func slots(_ target: String, _ role: ServerRole?) -> [String] { annotation(roster, target, as: role).expectations.slots.map(\.name) }
        #expect(slots("dc1/a", .primary) == ["own", "b"] && slots("dc1/a", .standby) == ["own"] && slots("dc1/a", nil) == ["own", "b"])
        #expect(slots("dc1/b", .primary) == ["own"] && slots("dc1/b", nil) == ["own"])
    }

    @Test("Hundreds of members cost no more each than a few: what is expected of all of them is no longer than their list")
    func manyMembers() {
        var roster = roster()
        let members = [member("m0", "10.0.0.0", role: "leader")] + (1..<64).map { member("m\($0)", "10.0.0.\($0)") }
        roster.update(cluster("dc1", members), at: Self.now)
        let all = roster.entries.map { annotation(roster, $0.target.name, as: $0.target.name == "dc1/m0" ? .primary : .standby).expectations }
        #expect(all.map(\.slots.count).reduce(0, +) == 63)
        #expect(all.map(\.standbys.count).reduce(0, +) == 63)
    }

    @Test("Another configuration: what Patroni said of a cluster stays, with its members, and is told by the new labels and interfaces")
    func reload() {
        var roster = roster(targets: [target("vip", host: "10.0.0.100")])
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.0.2"), member("c", "10.0.0.3")]), at: Self.now)
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.0.2")]), at: Self.now + 1)
        roster.update(standbyCluster(host: "10.0.0.100"), at: Self.now)
        for target in ["vip", "dc1/a", "dc2/a"] { roster.note("7711", of: target) }
        let before = slots(roster, "dc1/a")
        #expect(before.contains("standby_cluster/primary/patroni"))

        let own = TargetConfiguration.Expectations(slots: [.init(name: "own", kind: nil, on: .any)])
        var changed = configuration(targets: [target("new", host: "10.0.0.9")], expectOfDC1: own)
        changed.patroni[0].labels = ["site": "one"]
        changed.patroni[0].urls = ["http://z", "http://a"]
        roster.follow(changed, addresses: [:], at: MonotonicTime(Self.now + 2))
        #expect(names(roster) == ["new", "dc1/a", "dc1/b", "dc1/c", "dc2/a"], "also one that is gone, and not for an hour yet")
        #expect(slots(roster, "dc1/a") == (before + ["own/any/config"]).sorted(), "what the file expects is new, the system it is of is remembered")
        #expect(roster.clusters[0].labels == ["site": "one"])
        #expect(roster.clusters[0].endpoints.map(\.url) == ["http://z", "http://a"])
        #expect(roster.clusters[0].endpoints.map(\.isUp) == [false, true])
        #expect(roster.entries[1].target.labels == ["site": "one"])

        changed.patroni.removeFirst()
        changed.patroni[0].maximumMembers = 1
        roster.follow(changed, addresses: [:], at: MonotonicTime(Self.now + 3))
        #expect(names(roster) == ["new", "dc2/a"])
        #expect(annotation(roster, "dc1/a").membership == nil)
    }

    @Test("A target of the file that is where a member was takes its place at once, and gives it back")
    func reloadedAddress() {
        var roster = roster()
        roster.update(cluster("dc1", [member("a", "10.0.0.1", role: "leader"), member("b", "10.0.0.2")]), at: Self.now)
        let targets = [target("orders-a", host: "10.0.0.1")]
        roster.follow(configuration(targets: targets), addresses: addresses(of: targets), at: MonotonicTime(Self.now + 1))
        #expect(names(roster) == ["orders-a", "dc1/b"])
        #expect(annotation(roster, "orders-a").membership == .init(cluster: "dc1", member: "a"))
        roster.follow(configuration(targets: []), addresses: [:], at: MonotonicTime(Self.now + 2))
        #expect(names(roster) == ["dc1/a", "dc1/b"])
    }

    // MARK: - Making

    private func roster(
        targets: [TargetConfiguration] = [],
        expectOfDC1: TargetConfiguration.Expectations = .init()
    ) -> FleetRoster {
        FleetRoster(configuration(targets: targets, expectOfDC1: expectOfDC1), addresses: addresses(of: targets))
    }

    private func addresses(of targets: [TargetConfiguration]) -> [String: [ServerAddress]] {
        let addresses = targets.map { ($0.name, [ServerAddress(host: String($0.dsn.reveal().dropFirst("host=".count)), port: 5432)]) }
        return Dictionary(addresses) { first, _ in first }
    }

    private func configuration(
        targets: [TargetConfiguration],
        expectOfDC1: TargetConfiguration.Expectations = .init()
    ) -> Configuration {
        let clusters = [
            PatroniConfiguration(name: "dc1", urls: ["http://a"], dsn: Secret("user=monitor"), expectations: expectOfDC1),
            PatroniConfiguration(name: "dc2", urls: ["http://b"], dsn: Secret("user=monitor")),
        ]
        return Configuration(targets: targets, patroni: clusters, origin: .file("test.yml"))
    }

    private func target(_ name: String, host: String, expect: TargetConfiguration.Expectations = .init()) -> TargetConfiguration {
        TargetConfiguration(name: name, dsn: Secret("host=\(host)"), expectations: expect)
    }

    private func cluster(_ name: String, _ members: [PatroniMember]) -> PatroniCluster {
        var cluster = PatroniCluster(name: name, endpoints: [.init(url: "http://a", problem: nil)])
        cluster.members = members
        cluster.settings = PatroniSettings()
        cluster.version = .init(major: 3, minor: 0)
        return cluster
    }

    private func standbyCluster(host: String) -> PatroniCluster {
        var cluster = cluster("dc2", [member("a", "10.0.1.1", role: "standby_leader")])
        cluster.settings?.standbyCluster = .init(host: host, port: nil, slotName: "standby_cluster")
        return cluster
    }

    private func member(_ name: String, _ host: String, role: String = "replica") -> PatroniMember {
        PatroniMember(name: name, role: role, state: "running", address: ServerAddress(host: host, port: 5432))
    }

    private func annotation(_ roster: FleetRoster, _ target: String, as role: ServerRole? = nil) -> FleetRoster.Annotation {
        var roster = roster
        return roster.annotation(of: target, as: role)
    }

    private func names(_ roster: FleetRoster) -> [String] { roster.entries.map(\.target.name) }

    private func slots(_ roster: FleetRoster, _ target: String) -> [String] {
        annotation(roster, target).expectations.slots.map { "\($0.name)/\($0.scope)/\($0.source)" }.sorted()
    }
}

extension FleetRoster {
    /// At a time in seconds.
    @discardableResult
    fileprivate mutating func update(_ cluster: PatroniCluster, at seconds: Double) -> Bool {
        update(cluster, at: MonotonicTime(seconds))
    }
}
