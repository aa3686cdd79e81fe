/// What the sampler learns between two scrapes.
package struct WALSample: Sendable, Hashable {
    /// Where the WAL ends, on a standby where the upstream's did when it last said so. nil on a standby that has nothing yet.
    package var end: LSN?
    package var isStandby: Bool
    /// On a primary: `pg_current_wal_insert_lsn()`, and what changes when a transaction has ended; see ``PrimaryWAL/endedTransactions``.
    package var inserted: LSN?
    package var endedTransactions: Int64?
    /// nil on a primary, and on a standby that receives nothing or does not show it.
    package var upstream: Upstream?
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

    /// What a standby has heard of its upstream.
    package struct Upstream: Sendable, Hashable {
        /// `last_msg_receipt_time`, Unix time on the standby's clock.
        package var lastMessage: Double
        /// Seconds since then by the standby's clock.
        package var messageAge: Double
        /// Seconds since the walreceiver started.
        package var sessionAge: Double?

        package init(lastMessage: Double, messageAge: Double, sessionAge: Double?) {
            self.lastMessage = lastMessage
            self.messageAge = messageAge
            self.sessionAge = sessionAge
        }
    }

    package init(end: LSN?, isStandby: Bool = false, upstream: Upstream? = nil, walsenders: [Walsender], lostSlots: [String] = []) {
        self.end = end
        self.isStandby = isStandby
        self.upstream = upstream
        self.walsenders = walsenders
        self.lostSlots = lostSlots
    }
}
