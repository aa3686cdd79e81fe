import CBuildStamp
import MetricCatalog
import Postgres

/// Versions of what is running.
enum Version {
    /// Of a build that was not told its own: one by hand, without `make build`.
    private static let unstamped = "0.2.0-dev"

    static var number: String { pgwal_stamp_version().map { String(cString: $0) } ?? unstamped }

    /// One line: `pgwal_exporter 0.2.0 (3589438 of 2026-11-30T14:10:00Z, Swift 6.3, libpq 15.18)`.
    static var text: String {
        let build = build
        let commit = build.revision.isEmpty ? "" : build.revision + (build.revisionDate.isEmpty ? ", " : " of \(build.revisionDate), ")
        return "pgwal_exporter \(build.version) (\(commit)Swift \(build.swiftVersion), libpq \(build.libpqVersion))"
    }

    static var build: ExporterReport.Build {
        ExporterReport.Build(
            version: number,
            revision: pgwal_stamp_revision().map { String(cString: $0) } ?? "",
            revisionDate: pgwal_stamp_date().map { String(cString: $0) } ?? "",
            swiftVersion: swift,
            libpqVersion: ClientLibrary.version
        )
    }

    #if compiler(>=6.4)
        private static let swift = "6.4 or later"
    #elseif compiler(>=6.3)
        private static let swift = "6.3"
    #else
        private static let swift = "6.2"
    #endif
}
