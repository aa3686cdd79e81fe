import Collection
import Postgres
import ReplicationModel
import Testing

struct StatementTests {
    @Test("Every collector is asked where its version and role have such a thing, and only there", arguments: gates)
    func gating(collector: CollectorName, onPrimaries: ClosedRange<Int>?, onStandbys: ClosedRange<Int>?) throws {
        let type = try #require(Collectors.all.first { $0.name == collector })
        for server in Self.servers {
            let range = server.role == .primary ? onPrimaries : onStandbys
            let isAsked = type.statement(for: server) != nil
            #expect(isAsked == (range?.contains(server.major) ?? false), "\(server)")
        }
    }

    @Test("Every collector is gated, and asked for once")
    func completeness() {
        #expect(Self.gates.map(\.0.rawValue).sorted() == CollectorName.allCases.map(\.rawValue).sorted())
        #expect(Collectors.all.map { $0.name.rawValue }.sorted() == CollectorName.allCases.map(\.rawValue).sorted())
    }

    @Test("One name stands for one text: a session prepares by name, over role changes and for every version")
    func uniqueNames() {
        var texts: [String: String] = [:]
        for statement in Self.statements {
            #expect(texts[statement.name] == nil || texts[statement.name] == statement.sql, "\(statement.name)")
            texts[statement.name] = statement.sql
            #expect(!statement.name.isEmpty && !statement.sql.contains(";"))
        }
    }

    @Test("Listings of directories use no regular expression: it doubles the cost")
    func noRegularExpressions() {
        for statement in Self.statements where statement.sql.contains("pg_ls_") {
            for word in ["~", "regexp", "SIMILAR TO", "substring("] {
                #expect(!statement.sql.contains(word), "\(statement.name)")
            }
        }
    }

    @Test("What may hold a secret is compared with nothing on the server, and never read")
    func secrets() {
        for statement in Self.statements {
            var sql = statement.sql.replacing("AS has_restore_command", with: "")
            // What it lets through is tested on real servers.
            sql = sql.replacing(ReceiverCollector.configuredUpstream, with: "")
            for setting in ["primary_conninfo", "archive_command", "archive_library", "restore_command"] {
                for read in ["current_setting('\(setting)')", "coalesce(pg_catalog.current_setting('\(setting)', true), '')"] {
                    for comparison in [" = ''", " <> ''"] { sql = sql.replacing(read + comparison, with: "") }
                }
            }
            for secret in ["conninfo", "archive_command", "archive_library", "restore_command", "*,", "SELECT *", ".*"] {
                #expect(!sql.contains(secret), "\(statement.name)")
            }
        }
    }

    @Test("No position travels as text: its form differs between versions")
    func positionsAreNumbers() {
        for statement in Self.statements {
            #expect(!statement.sql.replacing("::pg_catalog.pg_lsn AS", with: "").contains("_lsn AS "), "\(statement.name)")
        }
    }

    /// Collector, on primaries of, on standbys of.
    private static let gates: [(CollectorName, ClosedRange<Int>?, ClosedRange<Int>?)] = [
        (.wal, 13...19, 13...19),
        (.receiver, nil, 13...19),
        (.walsenders, 13...19, 13...19),
        (.slots, 13...19, 13...19),
        (.baseBackups, 13...19, 13...19),
        (.checkpoints, 13...19, 13...19),
        (.archiver, 13...19, 13...19),
        (.walStatistics, 14...19, 18...19),
        (.walSummarizer, 17...19, 17...19),
        (.slotStatistics, 14...19, 14...19),
        (.recoveryPrefetch, nil, 15...19),
        (.recoveryConflicts, nil, 13...19),
        (.subscriptions, 13...19, 13...19),
        (.subscriptionStatistics, 15...19, 15...19),
        (.settings, 13...19, 13...19),
        (.privileges, 13...19, 13...19),
        (.walDirectory, 13...19, 13...19),
        (.archiveStatus, 13...19, 13...19),
        (.walSummaries, 18...19, 18...19),
        (.slotSpill, 15...19, 15...19),
        (.subscriptionTables, 14...19, 14...19),
        (.replicationOrigins, 13...19, 13...19),
    ]

    private static let servers = (13...19).flatMap { major in
        ServerRole.allCases.flatMap { role in
            [1 << 20, 16 << 20, 1 << 30].map { ServerTraits(major: major, role: role, walSegmentBytes: $0) }
        }
    }

    private static let statements =
        Array(Set((servers + servers.map(reduced)).flatMap { EveryStatement(server: $0).statements }))
        .sorted { $0.name < $1.name }

    private static func reduced(_ server: ServerTraits) -> ServerTraits {
        var server = server
        server.reduced = Set(Collectors.all.filter { $0.hasReducedForm }.map { $0.name })
        return server
    }
}
