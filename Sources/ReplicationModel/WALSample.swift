/// What the sampler learns between two scrapes.
package struct WALSample: Sendable, Hashable {
    /// Where the WAL ends, on a standby where the upstream's did when it last said so. nil on a standby that has nothing yet.
    package var end: LSN?
    package var walsenders: [Walsender]
    /// Names of slots that are lost now.
    package var lostSlots: [String]

    /// How far a streaming walsender's client has come. nil: it does not tell, as pg_receivewal does of what it replays.
    package struct Walsender: Sendable, Hashable {
        package var key: WalsenderKey
        package var flushed: LSN?
        package var replayed: LSN?

        package init(key: WalsenderKey, flushed: LSN?, replayed: LSN?) {
            self.key = key
            self.flushed = flushed
            self.replayed = replayed
        }
    }

    package init(end: LSN?, walsenders: [Walsender], lostSlots: [String] = []) {
        self.end = end
        self.walsenders = walsenders
        self.lostSlots = lostSlots
    }
}
