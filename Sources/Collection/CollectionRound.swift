package import Postgres
package import ReplicationModel

/// The statements of one round trip and what their answers mean: pure, so that who asks and when is decided elsewhere.
package struct CollectionRound: Sendable {
    package let server: ServerTraits
    /// In the order of the answers.
    package let statements: [Statement]
    let collectors: [any Collector.Type]

    /// - Parameters:
    ///   - intervals: which collectors are due.
    ///   - disabled: collectors that are switched off, or not supported.
    package init(server: ServerTraits, intervals: Set<CollectionInterval>, disabled: Set<CollectorName>) {
        var statements: [Statement] = []
        var collectors: [any Collector.Type] = []
        for collector in Collectors.all where intervals.contains(collector.interval) && !disabled.contains(collector.name) {
            guard let statement = collector.statement(for: server) else { continue }
            statements.append(statement)
            collectors.append(collector)
        }
        self.server = server
        self.statements = statements
        self.collectors = collectors
    }

    /// The round of one collector alone; empty when this server has no such thing.
    package init(server: ServerTraits, only name: CollectorName) {
        let collectors = Collectors.all.filter { $0.name == name }
        let asked = collectors.compactMap { collector in collector.statement(for: server).map { (collector, $0) } }
        self.server = server
        self.statements = asked.map(\.1)
        self.collectors = asked.map(\.0)
    }

    /// Whose answers these are, in the order of the statements.
    package var collectorNames: [CollectorName] { collectors.map { $0.name } }

    /// Decodes the answers into the snapshot and reports on each collector, also on those that are not supported.
    /// - Parameters:
    ///   - outcomes: one for each of `statements`, in their order.
    ///   - refusals: what the server is known to refuse, these answers included.
    package func harvest(_ outcomes: ArraySlice<StatementOutcome>, refusals: Refusals = Refusals(), into snapshot: inout ServerSnapshot) {
        for (collector, outcome) in zip(collectors, outcomes) where refusals.reason(for: collector.name) == nil {
            let failure = Self.decode(outcome, by: collector, from: server, into: &snapshot)
            let report = CollectorReport(collector: collector.name, failure: failure, seconds: outcome.duration / .seconds(1))
            snapshot.reports.append(report)
        }
        let told = Set(snapshot.reports.map(\.collector))
        snapshot.reports += refusals.reports.filter { !told.contains($0.collector) }
    }

    /// - Returns: nil when it succeeded.
    private static func decode(
        _ outcome: StatementOutcome,
        by collector: any Collector.Type,
        from server: ServerTraits,
        into snapshot: inout ServerSnapshot
    ) -> CollectorFailure? {
        switch outcome.result {
        case .failure(let error):
            return CollectorFailure(error)
        case .success(let rows):
            do {
                try collector.decode(rows, from: server, into: &snapshot)
                return nil
            } catch {
                return CollectorFailure(.decode, error.description)
            }
        }
    }
}

extension CollectorFailure {
    /// What a failed statement means for its collector.
    package init(_ error: PostgresError) {
        let reason: Reason =
            switch (error.code, error.sqlState) {
            case (.timedOut, _), (.cancelled, _), (_, .queryCanceled), (_, .lockNotAvailable): .timeout
            case (.connectionLost, _), (.connectionFailed, _): .connection
            case (_, .insufficientPrivilege): .permission
            default: .sql
            }
        self.init(reason, error.description)
    }
}

extension ServerSnapshot {
    /// What is not asked in every collection: taken over from the previous snapshot of the same server, with the reports on it.
    package mutating func carryOver(from previous: ServerSnapshot) {
        walDirectory = previous.walDirectory
        archiveStatus = previous.archiveStatus
        walSummariesBytes = previous.walSummariesBytes
        slotSpill = previous.slotSpill
        subscriptionTables = previous.subscriptionTables
        replicationOrigins = previous.replicationOrigins
        privileges = previous.privileges
        settings = previous.settings
        walFilesystem = previous.walFilesystem
        walFilesystemProblem = previous.walFilesystemProblem
        let occasional = Set(Collectors.all.filter { $0.interval != .everyScrape }.map { $0.name })
        reports = previous.reports.filter { occasional.contains($0.collector) }
    }

    /// Forgets what collectors of an interval said, because they are about to be asked again.
    package mutating func forget(_ interval: CollectionInterval) {
        for collector in Collectors.all where collector.interval == interval { forget(collector.name) }
    }

    /// Forgets what a collector said that is not asked in every collection, and the report on it.
    package mutating func forget(_ collector: CollectorName) {
        reports.removeAll { $0.collector == collector }
        switch collector {
        case .settings: settings = nil
        case .walDirectory: walDirectory = nil
        case .archiveStatus: archiveStatus = nil
        case .walSummaries: walSummariesBytes = nil
        case .slotSpill: slotSpill = nil
        case .subscriptionTables: subscriptionTables = nil
        case .replicationOrigins: replicationOrigins = nil
        case .privileges: privileges = nil
        case .wal, .walStatistics, .walSummarizer, .checkpoints, .archiver, .walsenders, .baseBackups, .slots, .slotStatistics, .receiver,
            .recoveryPrefetch, .recoveryConflicts, .subscriptions, .subscriptionStatistics:
            break
        }
    }
}
