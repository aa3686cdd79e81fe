import Collection
import Postgres
import ReplicationModel
import Testing

/// What is not asked in every collection stays on the page until it is asked again.
struct CarryOverTests {
    @Test("Listings and settings are carried over with their reports; what every scrape asks is not")
    func carryOver() throws {
        let previous = try full()
        var next = ServerSnapshot(identity: .example, role: .primary)
        next.carryOver(from: previous)
        #expect(next.walDirectory == previous.walDirectory && next.walDirectory != nil)
        #expect(next.archiveStatus != nil && next.walSummariesBytes != nil && next.slotSpill != nil)
        #expect(next.subscriptionTables != nil && next.replicationOrigins != nil && next.privileges != nil && next.settings != nil)
        #expect(next.primaryWAL == nil && next.slots == nil && next.walsenders == nil && next.archiver == nil && next.checkpoints == nil)
        #expect(next.walStatistics == nil && next.subscriptions == nil && next.slotStatistics == nil && next.baseBackups == nil)
        let occasional: Set<CollectorName> = [
            .settings, .privileges, .walDirectory, .archiveStatus, .walSummaries, .slotSpill, .subscriptionTables, .replicationOrigins,
        ]
        #expect(Set(next.reports.map(\.collector)) == occasional)
    }

    @Test("What is about to be asked again is forgotten, value and report, and nothing else")
    func forgetDirectories() throws {
        var snapshot = try full()
        snapshot.forget(.directory)
        #expect(snapshot.walDirectory == nil && snapshot.archiveStatus == nil && snapshot.walSummariesBytes == nil)
        #expect(snapshot.slotSpill == nil && snapshot.subscriptionTables == nil && snapshot.replicationOrigins == nil && snapshot.privileges == nil)
        #expect(snapshot.settings != nil && snapshot.slots != nil)
        #expect(snapshot.reports.map(\.collector).contains(.settings))
        #expect(!snapshot.reports.map(\.collector).contains(.walDirectory))
    }

    @Test("Settings are forgotten alone")
    func forgetSettings() throws {
        var snapshot = try full()
        snapshot.forget(.configuration)
        #expect(snapshot.settings == nil)
        #expect(snapshot.walDirectory != nil && snapshot.privileges != nil)
        #expect(snapshot.reports.count == Recording.primary18.count - 1)
    }

    @Test("No collector is reported on twice after a round that asks everything again")
    func reportsStayUnique() throws {
        let previous = try full()
        var next = ServerSnapshot(identity: .example, role: .primary)
        next.carryOver(from: previous)
        for interval in [CollectionInterval.everyScrape, .directory, .configuration] { next.forget(interval) }
        #expect(next.reports.isEmpty)
    }

    /// A snapshot as after a collection with everything due.
    private func full() throws -> ServerSnapshot {
        var snapshot = ServerSnapshot(identity: .example, role: .primary)
        for recording in Recording.primary18 {
            try recording.collector.decode(recording.rowSet, from: recording.server, into: &snapshot)
            snapshot.reports.append(CollectorReport(collector: recording.collector.name, failure: nil, seconds: 0.001))
        }
        return snapshot
    }
}

extension Recording {
    /// One of each of a primary's collectors.
    fileprivate static let primary18: [Recording] = [
        .wal18, .walsenders18, .slots18, .baseBackups18, .checkpoints18, .archiver18, .walStatistics18, .walSummarizer18, .slotStatistics18,
        .subscriptions18, .subscriptionStatistics18, .settings18, .privileges18, .walDirectory18, .archiveStatus18, .walSummaries18,
        .slotSpill18, .subscriptionTables18, .replicationOrigins18,
    ]
}
