/// What a standby receives, and whether it should: pg_stat_wal_receiver and the settings that tell it to stream.
package struct Receiver: Sendable, Hashable {
    /// nil: there is no walreceiver process now.
    package var session: Session?
    /// There is a walreceiver, but its row is hidden from this role (no pg_read_all_stats).
    package var isHidden: Bool
    /// `primary_conninfo` is set; nil where the role may not know.
    package var hasConnectionString: Bool?
    /// `primary_slot_name` is set.
    package var hasSlotName: Bool
    /// `restore_command` is set.
    package var hasRestoreCommand: Bool
    /// Where it streams from, or is told to; nil where the role may not know, or nothing is configured.
    package var upstream: Upstream?

    package init(
        session: Session?,
        isHidden: Bool,
        hasConnectionString: Bool?,
        hasSlotName: Bool,
        hasRestoreCommand: Bool,
        upstream: Upstream? = nil
    ) {
        self.session = session
        self.isHidden = isHidden
        self.hasConnectionString = hasConnectionString
        self.hasSlotName = hasSlotName
        self.hasRestoreCommand = hasRestoreCommand
        self.upstream = upstream
    }

    /// Of the walreceiver's row while there is one, else of `primary_conninfo` and `primary_slot_name`. Never more of a connection
    /// string than these.
    package struct Upstream: Sendable, Hashable {
        /// `sender_host`, or `host` (else `hostaddr`): several, separated by commas, when several are configured. nil: not known, or libpq's
        /// default.
        package var host: String?
        /// `sender_port` or `port`; as many as hosts, or one for all. nil: not known, or libpq's default.
        package var port: String?
        /// `slot_name` or `primary_slot_name`; nil: no slot is used.
        package var slotName: String?

        package init(host: String?, port: String?, slotName: String?) {
            self.host = host
            self.port = port
            self.slotName = slotName
        }

        /// The addresses to try, libpq's default port where none is given.
        package var addresses: [ServerAddress] {
            let hosts = (host ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let ports = (port ?? "").split(separator: ",", omittingEmptySubsequences: false).map { $0.isEmpty ? 5432 : UInt16($0).map(Int.init) }
            guard ports.count == 1 || ports.count == hosts.count else { return [] }
            return hosts.enumerated().compactMap { index, host in
                guard !host.isEmpty, let port = ports[ports.count == 1 ? 0 : index] else { return nil }
                return ServerAddress(host: host, port: port)
            }
        }
    }

    /// The row of pg_stat_wal_receiver.
    package struct Session: Sendable, Hashable {
        package var status: Status
        /// `received_tli`
        package var timeline: Int64?
        package var written: LSN?
        package var flushed: LSN?
        /// `latest_end_lsn`: the upstream's end of WAL as of its last message; nil before the first one.
        package var upstreamEnd: LSN?
        /// `last_msg_receipt_time`, Unix time on this server's clock.
        package var lastMessage: Double?
        /// Seconds since `last_msg_receipt_time`, both by this server's clock.
        package var lastMessageAge: Double?
        /// `last_msg_receipt_time - last_msg_send_time`: one-way latency plus the difference between the two clocks.
        package var transit: Double?
        /// Seconds since the walreceiver process started.
        package var age: Double?

        package init(
            status: Status,
            timeline: Int64? = nil,
            written: LSN? = nil,
            flushed: LSN? = nil,
            upstreamEnd: LSN? = nil,
            lastMessage: Double? = nil,
            lastMessageAge: Double? = nil,
            transit: Double? = nil,
            age: Double? = nil
        ) {
            self.status = status
            self.timeline = timeline
            self.written = written
            self.flushed = flushed
            self.upstreamEnd = upstreamEnd
            self.lastMessage = lastMessage
            self.lastMessageAge = lastMessageAge
            self.transit = transit
            self.age = age
        }
    }

    /// `pg_stat_wal_receiver.status`; `stopped` also when there is no row. Not the states of a walsender.
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case stopped, starting, connecting, streaming, waiting, restarting, stopping
    }
}

extension Receiver.Session {
    /// No message has come since the walreceiver started: it begins with one and the same time for sent and received, to the
    /// microsecond.
    package var isSilent: Bool { transit == 0 }
}

extension Receiver {
    /// The receiver's status; nil when it is hidden from the role.
    package var status: Status? {
        isHidden ? nil : session?.status ?? .stopped
    }

    /// Whether this standby is told to stream. nil where that cannot be known: primary_conninfo is hidden from the role, there is a
    /// restore_command, and nothing else gives it away.
    package var isConfigured: Bool? {
        if let hasConnectionString { return hasConnectionString }
        if session != nil || isHidden || hasSlotName { return true }
        // Without a restore_command, streaming is the only way for a standby to go on.
        return hasRestoreCommand ? nil : true
    }

    /// Whether WAL is really being received. nil when it is hidden from the role, or the standby is not told to stream.
    ///
    /// `streaming` alone is not enough: PostgreSQL sets it before the upstream has answered, so it flaps at every retry while the
    /// slot is missing or the WAL is gone. Nor is `latest_end_lsn`, which a walreceiver inherits from the one before it.
    package func isUp(settings: Settings?) -> Bool? {
        guard isConfigured == true, !isHidden else { return nil }
        guard let session, session.status == .streaming else { return false }
        if let timeout = settings?.walReceiverTimeoutSeconds, timeout > 0, let age = session.lastMessageAge, age > timeout {
            return false
        }
        if session.upstreamEnd != nil, !session.isSilent { return true }
        guard let age = session.age, let retry = settings?.walRetrieveRetryIntervalSeconds else { return false }
        return age > 2 * retry
    }

    /// Bytes from the replayed position to the upstream's end of WAL as of its last message; nil when nothing is received.
    package func upstreamLagBytes(replayed: LSN?, settings: Settings?) -> Int64? {
        guard isUp(settings: settings) == true, let end = session?.upstreamEnd, let replayed else { return nil }
        return end.lag(of: replayed)
    }
}
