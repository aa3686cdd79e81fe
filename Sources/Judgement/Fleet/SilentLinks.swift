import ReplicationModel

/// A link between a server and its standby that fell silent, and of which no reply has been seen since.
///
/// When the sender's timeout is over nothing is left to see of it but what follows: a standby that receives nothing, and a slot that nobody uses. What it
/// was that they follow from has to be remembered.
package struct SilentLink: Sendable, Hashable {
    package var sender: ServerInstance
    package var applicationName: String
    package var clientAddress: String?
    package var slotName: String?
    /// When it was first seen to be silent: Unix time by the exporter's clock.
    package var since: Double

    /// Whether a walsender is that link's, or one in its place.
    func isOf(_ walsender: Walsender) -> Bool {
        if let slotName, walsender.slotName == slotName { return true }
        return walsender.applicationName == applicationName && walsender.clientAddress == clientAddress
    }

    /// Whether a standby is at the other end: it is told to use that slot, or goes by that name.
    func leads(to standby: ServerSnapshot, named names: Set<String>) -> Bool {
        if let slotName { return standby.receiver?.upstream?.slotName == slotName }
        return names.contains(applicationName)
    }
}

/// The links that are silent, of all senders.
struct SilentLinks: Sendable {
    private var links: [ServerInstance: [SilentLink]] = [:]

    /// More than fall silent at once where one sender has many standbys; beyond it, no more are remembered of that sender.
    static let maximum = 256

    var all: [SilentLink] { links.values.joined().sorted { ($0.since, $0.applicationName) < ($1.since, $1.applicationName) } }

    /// Learns from what a sender says of its walsenders.
    mutating func noteSender(_ instance: ServerInstance, _ snapshot: ServerSnapshot, at wall: Double) {
        guard let walsenders = snapshot.walsenders else { return }
        var known = links[instance] ?? []
        guard !known.isEmpty || walsenders.contains(where: \.isSilent) else { return }
        known.removeAll { link in walsenders.contains { link.isOf($0) && !$0.isSilent } }
        for walsender in walsenders where walsender.isSilent && known.count < Self.maximum && !known.contains(where: { $0.isOf(walsender) }) {
            known.append(
                SilentLink(
                    sender: instance,
                    applicationName: walsender.applicationName,
                    clientAddress: walsender.clientAddress,
                    slotName: walsender.slotName,
                    since: wall
                )
            )
        }
        links[instance] = known.isEmpty ? nil : known
    }

    /// Learns from what a standby says: one that has had a message since its link fell silent is connected again, to whomever.
    mutating func noteStandby(_ snapshot: ServerSnapshot, named names: Set<String>, at wall: Double) {
        guard !links.isEmpty, snapshot.receiver?.isUp(settings: snapshot.settings) == true,
            let age = snapshot.receiver?.session?.lastMessageAge
        else { return }
        for (sender, known) in links where sender.systemIdentifier == snapshot.identity.systemKey {
            let left = known.filter { !($0.leads(to: snapshot, named: names) && wall - age > $0.since) }
            if left.count != known.count { links[sender] = left.isEmpty ? nil : left }
        }
    }

    /// Forgets senders that run no more, or that nobody watches.
    mutating func keep(where isReached: (ServerInstance) -> Bool) {
        if !links.isEmpty { links = links.filter { isReached($0.key) } }
    }
}

extension Walsender {
    /// See ``unansweredSeconds``.
    var isSilent: Bool { unansweredSeconds.map { $0 > Verdict.unansweredSeconds } ?? false }
}
