@testable import ExporterConfiguration

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ConfigurationLoader {
    /// Knows a few collectors and labels, takes any connection string that does not contain `BROKEN`, and finds every file whose path
    /// does not contain `absent`.
    static let test = ConfigurationLoader(
        knownCollectors: ["wal", "slots", "subscriptions", "archiver"],
        knownFindings: ["slot_inactive", "slot_lost", "two_primaries"],
        reservedLabels: ["slot", "application_name"],
        validateDSN: { $0.contains("BROKEN") ? "not a connection string" : nil },
        dsnKeywords: { dsn in Set(dsn.split(separator: " ").compactMap { $0.split(separator: "=").first.map(String.init) }) },
        checkFile: { $0.contains("absent") ? "cannot be read: No such file or directory" : nil }
    )

    func parse(_ text: String, overrides: Overrides = Overrides()) throws(ConfigurationError) -> Configuration {
        try parse(Array(text.utf8), file: "config.yml", overrides: overrides)
    }
}

/// The lines of the error that a loading ends with; empty when it succeeds.
func errors(of load: () throws(ConfigurationError) -> Configuration) -> [String] {
    do throws(ConfigurationError) {
        _ = try load()
        return []
    } catch {
        return error.lines
    }
}

/// The problems in the text of a `config.yml`.
func errors(in text: String) -> [String] {
    errors { () throws(ConfigurationError) in try ConfigurationLoader.test.parse(text) }
}

/// Runs a test with a file of its own in a folder of its own, and removes both.
func withFile(_ bytes: [UInt8], _ body: (_ path: String) throws -> Void) throws {
    var template = Array("/tmp/exporter-configuration-XXXXXX".utf8CString)
    mkdtemp(&template)
    let folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    let path = folder + "/file"
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
    defer {
        unlink(path)
        rmdir(folder)
    }
    try body(path)
}
