import Foundation

/// The programs of one major version of PostgreSQL on this machine.
package struct PostgresInstallation: Sendable, Hashable {
    /// The major version, such as 15.
    package let major: Int
    /// The directory of `postgres`, `psql`, `pg_basebackup`.
    package let binDirectory: String

    /// The path of one of its programs.
    package func tool(_ name: String) -> String {
        "\(binDirectory)/\(name)"
    }

    /// What is installed, by major version. The first place that has a version wins: the list that the environment
    /// variable PGWAL_TEST_POSTGRES names (as scripts/postgres-versions prints it), the directory which that script
    /// fills, Debian's packages. A list of one version is all there is.
    package static let available: [Int: PostgresInstallation] = {
        let found = only.map { [$0] } ?? listed() + cached() + debian()
        return Dictionary(found.map { ($0.major, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    /// The versions of `available`, in rising order.
    package static var majors: [Int] {
        available.keys.sorted()
    }

    /// Those of these versions that are to be tested: all, unless the list that PGWAL_TEST_POSTGRES names has one version only.
    package static func among(_ majors: Int...) -> [Int] {
        only.map { only in majors.filter { $0 == only.major } } ?? majors
    }

    /// The version that all tests are to run on, also those that ask for another one: the only one of PGWAL_TEST_POSTGRES.
    private static let only: PostgresInstallation? = {
        let found = listed()
        return found.count == 1 ? found.first : nil
    }()

    /// The newest that came from Debian's own packages, else the newest of all.
    package static func newestOfSystem() throws -> PostgresInstallation {
        if let only { return only }
        let candidates = debian().isEmpty ? Array(available.values) : debian()
        guard let newest = candidates.max(by: { $0.major < $1.major }) else {
            throw SupportFailure("no PostgreSQL server is installed here; run scripts/install-debian-packages")
        }
        return newest
    }

    /// The installation of a version, or a failure that says how to get it.
    package static func require(_ major: Int) throws -> PostgresInstallation {
        guard let installation = only ?? available[major] else {
            let known = majors.map(String.init).joined(separator: ", ")
            throw SupportFailure("PostgreSQL \(major) is not installed here (found: \(known)); run scripts/postgres-versions")
        }
        return installation
    }

    private static func listed() -> [PostgresInstallation] {
        guard let path = ProcessInfo.processInfo.environment["PGWAL_TEST_POSTGRES"], let text = try? String(contentsOfFile: path, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 1)
            guard fields.count == 2, let major = Int(fields[0]) else { return nil }
            return PostgresInstallation(major: major, binDirectory: String(fields[1]))
        }
    }

    private static func cached() -> [PostgresInstallation] {
        let environment = ProcessInfo.processInfo.environment
        let userCache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
        let parent = environment["PGWAL_POSTGRES_DIR"] ?? (getuid() == 0 ? "/var/cache/pgwal-postgres" : "\(userCache)/pgwal-postgres")
        return inVersionDirectories(of: parent)
    }

    private static func debian() -> [PostgresInstallation] {
        inVersionDirectories(of: "/usr/lib/postgresql")
    }

    private static func inVersionDirectories(of parent: String) -> [PostgresInstallation] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return names.compactMap { name in
            guard let major = Int(name), FileManager.default.isExecutableFile(atPath: "\(parent)/\(name)/bin/postgres") else { return nil }
            return PostgresInstallation(major: major, binDirectory: "\(parent)/\(name)/bin")
        }
    }
}
