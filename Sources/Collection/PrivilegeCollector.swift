package import Postgres
package import ReplicationModel

/// What the role may see. Asked for directly: a hidden value looks like an absent one, and only appears with the first standby.
package enum PrivilegeCollector: Collector {
    package static let name = CollectorName.privileges
    package static let interval = CollectionInterval.directory

    package static func statement(for server: ServerTraits) -> Statement? {
        let checks = Privilege.allCases.filter { $0.since <= server.major }.map { "('\($0.rawValue)', \(expression(for: $0)))" }
        // What the server has not is no question of privileges.
        return Statement(
            name: "privileges_\(server.major)",
            sql: "SELECT privilege, granted FROM (VALUES \(checks.joined(separator: ", "))) v (privilege, granted) WHERE granted IS NOT NULL"
        )
    }

    package static func decode(_ rows: RowSet, from server: ServerTraits, into snapshot: inout ServerSnapshot) throws(DecodeError) {
        snapshot.privileges = try rows.map { row throws(DecodeError) in
            PrivilegeCheck(privilege: try row.enumeration("privilege", as: Privilege.self), isGranted: try row.bool("granted"))
        }
    }

    private static func expression(for privilege: Privilege) -> String {
        switch privilege {
        case .readAllStatistics: "pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')"
        case .listWALDirectory: execution(of: "pg_ls_waldir()")
        case .listArchiveStatus: execution(of: "pg_ls_archive_statusdir()")
        case .listSlotDirectory: execution(of: "pg_ls_replslotdir(pg_catalog.text)")
        case .listSummaries: execution(of: "pg_ls_summariesdir()")
        }
    }

    private static func execution(of function: String) -> String {
        "pg_catalog.has_function_privilege(pg_catalog.to_regprocedure('pg_catalog.\(function)'), 'EXECUTE')"
    }
}
