import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The metrics that a version gives in a role, as files in `Golden`. `PGWAL_UPDATE_GOLDEN=1` writes them anew.
enum Golden {
    private static let folder = String(#filePath.dropLast("Support/Golden.swift".count)) + "Golden"

    static func compare(_ page: Page, target: String, major: Int) throws {
        let path = "\(folder)/\(major)-\(target).txt"
        let found = page.names(["target": target]).sorted().map { "\($0)\n" }.joined()
        if getenv("PGWAL_UPDATE_GOLDEN") != nil { return try write(found, to: path) }
        let expected = try read(path)
        guard expected != found else { return }
        let old = Set(expected.split(separator: "\n"))
        let new = Set(found.split(separator: "\n"))
        Issue.record("\(major) \(target): missing \(old.subtracting(new).sorted()), unexpected \(new.subtracting(old).sorted())")
    }

    private static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else {
            throw SupportFailure("cannot read \(path): run the test with PGWAL_UPDATE_GOLDEN=1 and look at the difference")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw SupportFailure("cannot write \(path)") }
        defer { fclose(file) }
        fputs(text, file)
    }
}
