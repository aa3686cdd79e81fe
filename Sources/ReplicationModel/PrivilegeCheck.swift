/// Whether the monitoring role may read what a collector needs. PostgreSQL often hides silently: rows with NULLs instead of an error.
package struct PrivilegeCheck: Sendable, Hashable {
    package var privilege: Privilege
    package var isGranted: Bool

    package init(privilege: Privilege, isGranted: Bool) {
        self.privilege = privilege
        self.isGranted = isGranted
    }
}

/// The privileges that matter: two predefined roles, and functions that only pg_monitor may execute by default.
package enum Privilege: String, Sendable, Hashable, CaseIterable {
    case readAllStatistics = "pg_read_all_stats"
    case listWALDirectory = "pg_ls_waldir"
    case listArchiveStatus = "pg_ls_archive_statusdir"
    /// 15+
    case listSlotDirectory = "pg_ls_replslotdir"
    /// 18+
    case listSummaries = "pg_ls_summariesdir"

    /// The first major version that has it.
    package var since: Int {
        switch self {
        case .readAllStatistics, .listWALDirectory, .listArchiveStatus: 13
        case .listSlotDirectory: 15
        case .listSummaries: 18
        }
    }

    /// The SQL that cures its absence, for the role that the exporter connects as.
    package var cure: String {
        switch self {
        case .readAllStatistics: "GRANT pg_read_all_stats TO <role>"
        case .listWALDirectory: "GRANT EXECUTE ON FUNCTION pg_ls_waldir() TO <role>"
        case .listArchiveStatus: "GRANT EXECUTE ON FUNCTION pg_ls_archive_statusdir() TO <role>"
        case .listSlotDirectory: "GRANT EXECUTE ON FUNCTION pg_ls_replslotdir(text) TO <role>"
        case .listSummaries: "GRANT EXECUTE ON FUNCTION pg_ls_summariesdir() TO <role>"
        }
    }
}
