import Collection
@testable import Postgres
import ReplicationModel
import Testing

struct RefusalTests {
    @Test(
        "What a server will not change is not supported, and asked no more",
        arguments: [
            ("0A000", true), ("42501", true), ("42883", true), ("42P01", true), ("42703", true), ("55000", true), ("57014", false), ("40001", false),
        ]
    )
    func lasting(state: String, isLasting: Bool) {
        var refusals = Refusals()
        let round = round(of: [.wal, .archiver], by: .primary, refusals)
        let outcomes = [refused(state), answered]
        let isToBeRepeated = refusals.note(outcomes, of: round)
        #expect(!isToBeRepeated)
        #expect(refusals.collectors == (isLasting ? [.wal] : []))
        var snapshot = ServerSnapshot(identity: .example, role: .primary)
        round.harvest([outcomes[0]], refusals: refusals, into: &snapshot)
        #expect(snapshot.reports.map(\.isSupported) == [!isLasting])
        #expect((snapshot.reports[0].failure == nil) == isLasting)
        #expect(self.round(of: [.wal, .archiver], by: .primary, refusals).collectorNames == (isLasting ? [.archiver] : [.wal, .archiver]))
    }

    @Test("Where the whole is refused, less is asked at once; then it is not supported", arguments: [CollectorName.slots, .walsenders, .checkpoints])
    func reduced(collector: CollectorName) throws {
        var refusals = Refusals()
        let whole = round(of: [collector], by: .primary, refusals)
        let isToBeRepeated = refusals.note([refused("55000")], of: whole)
        #expect(isToBeRepeated)
        #expect(refusals.collectors.isEmpty && refusals.reduced == [collector])
        let less = round(of: [collector], by: .primary, refusals)
        #expect(less.statements.count == 1 && less.statements != whole.statements)
        let isToBeRepeatedAgain = refusals.note([refused("42501")], of: less)
        #expect(!isToBeRepeatedAgain)
        #expect(refusals.collectors == [collector])
    }

    @Test("On a standby, a state that it is not in may be one that it has just left: it is asked twice")
    func promotion() {
        var refusals = Refusals()
        let round = round(of: [.wal], by: .standby, refusals)
        let isToBeRepeated = (0..<2).map { _ in refusals.note([refused("55000")], of: round) }
        #expect(isToBeRepeated == [true, false])
        #expect(refusals.collectors == [.wal])
    }

    @Test("What worked until now has failed: for good when it is refused again, but for privileges, which come back")
    func proven() {
        var refusals = Refusals()
        let round = round(of: [.wal], by: .primary, refusals)
        for state in ["42501", "42501", "0A000"] {
            let isToBeRepeated = refusals.note([answered], of: round) || refusals.note([refused(state)], of: round)
            #expect(!isToBeRepeated && refusals.collectors.isEmpty)
        }
        _ = refusals.note([refused("0A000")], of: round)
        #expect(refusals.collectors == [.wal])
    }

    @Test("A privilege that is granted brings back what was refused for want of one, and nothing else")
    func grants() {
        var refusals = Refusals()
        _ = refusals.note([refused("42501"), refused("0A000")], of: round(of: [.wal, .archiver], by: .primary, refusals))
        #expect(refusals.collectors == [.wal, .archiver])
        #expect(refusals.reason(for: .wal)?.contains("GRANT") == true)
        refusals.privilegeGranted()
        #expect(refusals.collectors == [.archiver])
    }

    @Test("A slot that is gone before its directory is read is no refusal")
    func droppedSlot() {
        var refusals = Refusals()
        _ = refusals.note([refused("42704")], of: CollectionRound(server: traits(.primary), only: .slotSpill))
        #expect(refusals.collectors.isEmpty)
    }

    @Test("An identity needs settings alone")
    func identity() throws {
        let settings = RowSet.literal(
            columns: ["version_number", "version", "cluster_name", "wal_segment_size"],
            rows: [["180006", "18.6", "", "16MB"]]
        )
        let identity = try IdentityQueries.identity(from: [outcome(.success(settings)), refused("42501"), refused("0A000"), refused("42883")][...])
        #expect(
            identity.systemIdentifier.isEmpty && identity.postmasterStart == nil && identity.address == nil && identity.walSegmentBytes == 16 << 20
        )
        var other = identity
        other.address = "10.77.1.11"
        #expect(identity.systemKey != other.systemKey, "two servers that hide who they are have nothing in common")
        let late = [outcome(.success(settings)), refused("57014"), refused("0A000"), refused("42883")]
        #expect(throws: PostgresError.self) { try IdentityQueries.identity(from: late[...]) }
        #expect(throws: PostgresError.self) { try IdentityQueries.identity(from: [refused("42501"), answered, answered, answered][...]) }
    }

    private func traits(_ role: ServerRole, _ refusals: Refusals = Refusals()) -> ServerTraits {
        ServerTraits(major: 18, role: role, walSegmentBytes: 16 << 20, reduced: refusals.reduced)
    }

    private func round(of collectors: Set<CollectorName>, by role: ServerRole, _ refusals: Refusals) -> CollectionRound {
        let disabled = Set(CollectorName.allCases).subtracting(collectors).union(refusals.collectors)
        return CollectionRound(server: traits(role, refusals), intervals: [.everyScrape], disabled: disabled)
    }

    private var answered: StatementOutcome { outcome(.success(.literal(columns: [], rows: []))) }

    private func refused(_ state: String) -> StatementOutcome {
        outcome(.failure(PostgresError(.server, sqlState: SQLState(state), "refused")))
    }

    private func outcome(_ result: Result<RowSet, PostgresError>) -> StatementOutcome {
        StatementOutcome(result: result, duration: .zero, sentAt: .now, receivedAt: .now)
    }
}
