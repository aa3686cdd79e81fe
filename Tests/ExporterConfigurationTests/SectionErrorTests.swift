import ExporterConfiguration
import Testing

/// Mistakes in `collection`, with the lines that users see.
struct SectionErrorTests {
    @Test(arguments: [
        ("timeout: 0s", "timeout: expected 1ms to 5m, got 0s"),
        ("timeout: 301s", "timeout: expected 1ms to 5m, got 5m1s"),
        ("timeout: 5", "timeout: expected a duration such as 500ms, 5s, 1m30s or 2h; the number 5 has no unit"),
        ("timeout: fast", "timeout: expected a duration such as 500ms, 5s, 1m30s or 2h"),
        ("timeout: [5s]", "timeout: expected a duration such as 5s, got a list"),
        ("timeout: ~", "timeout: expected a duration such as 5s, got nothing"),
        ("directory_interval: 999ms", "directory_interval: expected 1s to 1d, got 999ms"),
        ("lsn_sample_interval: 99ms", "lsn_sample_interval: expected 100ms to 1d, or 0 for never, got 99ms"),
        (
            "lsn-sample-interval: 1s",
            "lsn-sample-interval: unknown key; known: directory_interval, disable, lsn_sample_interval, timeout; did you mean 'lsn_sample_interval'?"
        ),
        ("disable: slots", "disable: expected a list, got text"),
        ("disable: [[slots]]", "disable[0]: expected text, got a list"),
        ("disable: [slot]", "disable[0]: unknown collector; known: archiver, slots, subscriptions, wal; did you mean 'slots'?"),
        ("disable: [slots, slots]", "disable[1]: the same as collection.disable[0] on line 2; each must be unique"),
    ])
    func `mistakes of the collection`(text: String, message: String) throws {
        let lines = errors(in: "targets: [{name: a, dsn: ''}]\ncollection: {\(text)}\n")
        try #require(lines.count == 1)
        #expect(lines[0].hasPrefix("config.yml:2:"))
        #expect(lines[0].hasSuffix(": collection.\(message)"))
    }

    @Test(arguments: [
        ("timeout: 1ms", CollectionConfiguration(timeout: .milliseconds(1))),
        ("timeout: 5m", CollectionConfiguration(timeout: .seconds(300))),
        ("directory_interval: 1s", CollectionConfiguration(directoryInterval: .seconds(1))),
        ("lsn_sample_interval: 0", CollectionConfiguration(lsnSampleInterval: .zero)),
        ("lsn_sample_interval: 0s", CollectionConfiguration(lsnSampleInterval: .zero)),
        ("lsn_sample_interval: '100ms'", CollectionConfiguration(lsnSampleInterval: .milliseconds(100))),
        ("disable: []", CollectionConfiguration()),
        ("disable: [wal, slots]", CollectionConfiguration(disabledCollectors: ["slots", "wal"])),
    ])
    func `the limits of the collection are allowed`(text: String, expected: CollectionConfiguration) throws {
        let configuration = try ConfigurationLoader.test.parse("targets: [{name: a, dsn: ''}]\ncollection: {\(text)}\n")
        #expect(configuration.collection == expected)
    }
}
