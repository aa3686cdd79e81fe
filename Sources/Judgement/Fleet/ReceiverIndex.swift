import ReplicationModel

/// Which standbys a walsender may serve, by the marks that it shows: name, slot and address. Every standby is looked at once, whatever
/// number of walsenders there is.
struct ReceiverIndex: Sendable {
    private var byName: [Mark: [Int]] = [:]
    private var bySlot: [Mark: [Int]] = [:]
    private var byHost: [Mark: [Int]] = [:]

    private struct Mark: Hashable {
        var system: String
        var text: String
    }

    /// The marks of a walsender that some standby has too; the same marks find the same standby.
    struct Marks: Hashable {
        var name: String?
        var slot: String?
        var host: String?
    }

    /// - Parameter servers: all servers; a standby's number is its place among them.
    init(_ servers: [FleetServer]) {
        for (index, server) in servers.enumerated() where server.snapshot.role == .standby {
            func mark(_ text: String) -> Mark { Mark(system: server.systemIdentifier, text: text) }
            for name in server.names where !name.isEmpty { byName[mark(name), default: []].append(index) }
            if let slot = server.snapshot.receiver?.upstream?.slotName { bySlot[mark(slot), default: []].append(index) }
            for host in Set(server.addresses.map(\.host)) { byHost[mark(host), default: []].append(index) }
        }
    }

    /// The standbys of a system that go by a name: as a target, as Patroni's member, or by cluster_name.
    func standbys(named name: String, of system: String) -> [Int] {
        byName[Mark(system: system, text: name)] ?? []
    }

    func marks(of walsender: Walsender, at sender: FleetServer) -> Marks {
        func known(_ text: String?, _ index: [Mark: [Int]]) -> String? {
            text.flatMap { index[Mark(system: sender.systemIdentifier, text: $0)] == nil ? nil : $0 }
        }
        return Marks(
            name: known(walsender.applicationName, byName),
            slot: known(walsender.slotName, bySlot),
            host: known(walsender.clientAddress?.lowercased(), byHost)
        )
    }

    /// The standby that has more of the marks than any other; nil when none has one, or several have as many.
    ///
    /// The name is the strongest mark, since addresses may be translated on the way, and one host may have several servers. A name alone
    /// that all members of a Patroni cluster share tells nothing apart, and makes a tie.
    func best(for marks: Marks, of system: String, where isPossible: (Int) -> Bool) -> Int? {
        func find(_ text: String?, _ index: [Mark: [Int]]) -> [Int] {
            text.flatMap { index[Mark(system: system, text: $0)] } ?? []
        }
        var likeness: [Int: Int] = [:]
        for (found, weight) in [(find(marks.name, byName), 4), (find(marks.slot, bySlot), 2), (find(marks.host, byHost), 1)] {
            for standby in found { likeness[standby, default: 0] += weight }
        }
        var best: (standby: Int?, likeness: Int) = (nil, 0)
        for (standby, likeness) in likeness where likeness >= best.likeness && isPossible(standby) {
            best = (likeness == best.likeness ? nil : standby, likeness)
        }
        return best.standby
    }
}
