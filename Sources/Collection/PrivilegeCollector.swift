package import Postgres
package import ReplicationModel

/// What the role may see. Asked for directly: a hidden value looks like an absent one, and only appears with the first standby.
package enum PrivilegeCollector: Collector {
    package static let name = CollectorName.privileges
    package static let interval = CollectionInterval.directory

    package static func statement(for server: ServerTraits) -> Statement? {
        let checks = Privilege.allCases.filter { $0.since <= server.major }.map { "('\($0.rawValue)', \(expression(for: $0)))" }
        return Statement(
            name: "privileges_\(server.major)",
            sql: "SELECT privilege, granted FROM (VALUES \(checks.joined(separator: ", "))) v (privilege, granted)"
        )
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.privileges = try rows.map { row throws(DecodeError) in
            PrivilegeCheck(privilege: try row.enumeration("privilege", as: Privilege.self), isGranted: try row.bool("granted"))
        }
    }

    private static func expression(for privilege: Privilege) -> String {
        switch privilege {
        case .readAllStatistics: "pg_has_role('pg_read_all_stats', 'USAGE')"
        case .listWALDirectory: "has_function_privilege('pg_ls_waldir()', 'EXECUTE')"
        case .listArchiveStatus: "has_function_privilege('pg_ls_archive_statusdir()', 'EXECUTE')"
        case .listSlotDirectory: "has_function_privilege('pg_ls_replslotdir(text)', 'EXECUTE')"
        case .listSummaries: "has_function_privilege('pg_ls_summariesdir()', 'EXECUTE')"
        }
    }
}
