import MetricCatalog
import Postgres

/// Versions of what is running.
enum Version {
    static let number = "0.1.0"

    static var text: String {
        let build = build
        return "pgwal_exporter \(build.version) (Swift \(build.swiftVersion), libpq \(build.libpqVersion))"
    }

    static var build: ExporterReport.Build {
        ExporterReport.Build(version: number, swiftVersion: swift, libpqVersion: ClientLibrary.version)
    }

    #if compiler(>=6.4)
        private static let swift = "6.4 or later"
    #elseif compiler(>=6.3)
        private static let swift = "6.3"
    #else
        private static let swift = "6.2"
    #endif
}
