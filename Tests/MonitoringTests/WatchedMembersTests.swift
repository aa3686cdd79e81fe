import ReplicationModel
import Testing

@testable import Monitoring

/// However many members Patroni lists, and however often other ones, there are never more connections than the limit, nor two to one address.
struct WatchedMembersTests {
    @Test("No more than the limit: the leader, who was watched before, then as they are listed; what is left out is told")
    func limit() {
        var watched = WatchedMembers(limit: 3)
        watched.update([member("b"), member("c")], at: 0)
        watched.update((0..<98).map { member("n\($0)") } + [member("c"), member("lead", role: "leader"), member("b")], at: 1)
        #expect(watched.members.map(\.name) == ["c", "lead", "b"])
        #expect(watched.omissions == ["members that are not watched, for they are beyond max_members, 3: n0, n1, n2, n3, n4 and 93 more"])
        watched.update([member("c"), member("lead", role: "leader"), member("b")], at: 2)
        #expect(watched.omissions == [])
    }

    @Test("One at each address: who is watched stays so, and the others say whose it is")
    func address() {
        var watched = WatchedMembers(limit: 64)
        watched.update([member("b", at: "10.0.0.1")], at: 0)
        watched.update((0..<99).map { member("n\($0)", at: "10.0.0.1") } + [member("b", at: "10.0.0.1"), member("c")], at: 1)
        #expect(watched.members.map(\.name) == ["b", "c"])
        #expect(
            watched.omissions == [
                "members that are not watched, for they are at the address of another one: n0 (b), n1 (b), n2 (b), n3 (b), n4 (b) and 94 more"
            ]
        )
        // The same host in capitals, and one of several addresses.
        var several = member("d", at: "H")
        several.addresses.append(ServerAddress(host: "10.0.0.9", port: 5432))
        watched.update([several, member("e", at: "h"), member("f", at: "10.0.0.9")], at: 2)
        #expect(watched.members.filter { $0.lastListed.seconds == 2 }.map(\.name) == ["d"])
    }

    @Test("Ever-new names at ever-new addresses: never more than the limit, and those that are listed come first")
    func everNew() {
        var watched = WatchedMembers(limit: 10)
        for round in 0..<500 {
            watched.update((0..<4).map { member("m\(round)-\($0)", at: "10.\(round % 250).\($0).\(round / 250)") }, at: Double(round))
            #expect(watched.members.count <= 10)
            #expect(watched.members.prefix(4).map(\.name) == (0..<4).map { "m\(round)-\($0)" })
        }
        // Of those that are gone, the last ones.
        #expect(watched.members.map(\.name).dropFirst(4).allSatisfy { $0.hasPrefix("m498") || $0.hasPrefix("m497") })
    }

    @Test("Ever-new names at one address: one target")
    func everNewAtOneAddress() {
        var watched = WatchedMembers(limit: 10)
        for round in 0..<100 {
            watched.update([member("m\(round)", at: "10.0.0.1")], at: Double(round))
            #expect(watched.members.map(\.name) == ["m\(round)"])
        }
    }

    @Test("One that is gone stays for an hour, but not at an address that another one has, nor in the place of one that is listed")
    func gone() {
        var watched = WatchedMembers(limit: 2)
        watched.update([member("a"), member("b")], at: 0)
        watched.update([member("a")], at: 3_600)
        #expect(watched.members.map(\.name) == ["a", "b"])
        watched.update([member("a")], at: 3_601)
        #expect(watched.members.map(\.name) == ["a"])
        watched.update([member("a"), member("b")], at: 3_602)
        watched.update([member("a"), member("c")], at: 3_603)
        #expect(watched.members.map(\.name) == ["a", "c"])
        watched.update([member("a")], at: 3_604)
        watched.update([member("a"), member("d", at: "c")], at: 3_605)
        #expect(watched.members.map(\.name) == ["a", "d"])
    }

    @Test("One that is outside is told, and no target; of several addresses those inside count; a name is not known to be outside")
    func outside() {
        var watched = WatchedMembers(limit: 64)
        var both = member("both", at: "203.0.113.5")
        both.addresses.append(ServerAddress(host: "10.0.0.2", port: 5432))
        let listed = [member("in", at: "10.0.0.1"), member("out", role: "leader", at: "203.0.113.4"), both, member("named", at: "pg.example")]
        for round in 0..<3 {
            watched.update(listed, isTarget: { _ in false }, isOutside: { $0.host.hasPrefix("203.") }, at: MonotonicTime(Double(round)))
            #expect(watched.members.map(\.name) == ["in", "both", "named"])
            #expect(watched.members.map(\.addresses.first?.host) == ["10.0.0.1", "10.0.0.2", "pg.example"])
            #expect(watched.omissions == ["members that are not watched, for they are outside members_within: out"])
            #expect(watched.unwatched == [.outside: ["out"], .withoutAddress: [], .atOthers: [], .beyondLimit: []])
        }
        // One that moves outside is left at once, and not looked for at its old place.
        watched.update([member("in", at: "203.0.113.9")], isTarget: { _ in false }, isOutside: { $0.host.hasPrefix("203.") }, at: MonotonicTime(3))
        #expect(!watched.members.contains { $0.name == "in" })
    }

    @Test("One without an address is told; one whose address is not told for once is still where it was")
    func withoutAddress() {
        var watched = WatchedMembers(limit: 2)
        watched.update([member("a"), member("b", at: nil)], at: 0)
        #expect(watched.members.map(\.name) == ["a"])
        #expect(watched.omissions == ["members that are not watched, for they have no usable address: b"])
        watched.update([member("a", at: nil)], at: 1)
        #expect(watched.members.first?.addresses == [ServerAddress(host: "a", port: 5432)])
    }

    @Test("One that is a target already is no other one, and takes no place")
    func alreadyTarget() {
        var watched = WatchedMembers(limit: 1)
        watched.update([member("a", role: "leader"), member("b")], isTarget: { $0.host == "a" }, at: MonotonicTime(0))
        #expect(watched.members.map(\.name) == ["b"])
        #expect(watched.omissions == [])
    }

    private func member(_ name: String, role: String = "replica") -> PatroniMember { member(name, role: role, at: name) }

    private func member(_ name: String, role: String = "replica", at host: String?) -> PatroniMember {
        PatroniMember(name: name, role: role, state: "running", address: host.map { ServerAddress(host: $0, port: 5432) })
    }
}

extension WatchedMembers {
    fileprivate mutating func update(_ listed: [PatroniMember], at seconds: Double) {
        update(listed, isTarget: { _ in false }, at: MonotonicTime(seconds))
    }
}
