import ExporterConfiguration
import Testing

struct OverridesTests {
    private static let file =
        "targets: [{name: a, dsn: ''}]\ncollection: {timeout: 1s, directory_interval: 2s, lsn_sample_interval: 3s, disable: [wal, slots]}\n"
    private static let inFile = CollectionConfiguration(
        timeout: .seconds(1),
        directoryInterval: .seconds(2),
        lsnSampleInterval: .seconds(3),
        disabledCollectors: ["wal", "slots"]
    )

    private static func changed(_ change: (inout CollectionConfiguration) -> Void) -> CollectionConfiguration {
        var collection = inFile
        change(&collection)
        return collection
    }

    @Test(arguments: [
        (Overrides(), inFile),
        (Overrides(timeout: .seconds(9)), changed { $0.timeout = .seconds(9) }),
        (Overrides(directoryInterval: .seconds(9)), changed { $0.directoryInterval = .seconds(9) }),
        (Overrides(lsnSampleInterval: .zero), changed { $0.lsnSampleInterval = .zero }),
        (Overrides(collectors: ["wal": true, "archiver": false]), changed { $0.disabledCollectors = ["slots", "archiver"] }),
        (Overrides(collectors: ["archiver": true, "slots": false]), inFile),
    ])
    func `flags win over the file`(overrides: Overrides, expected: CollectionConfiguration) throws {
        #expect(try ConfigurationLoader.test.parse(Self.file, overrides: overrides).collection == expected)
    }

    @Test func `flags apply to a single target too`() throws {
        let overrides = Overrides(timeout: .seconds(9), collectors: ["wal": false])
        let configuration = try ConfigurationLoader.test.load(file: nil, dsn: nil, environment: [:], overrides: overrides)
        #expect(configuration.collection == CollectionConfiguration(timeout: .seconds(9), disabledCollectors: ["wal"]))
    }

    @Test func `impossible flags are reported together with the file's mistakes`() {
        let overrides = Overrides(
            timeout: .zero,
            directoryInterval: .milliseconds(1),
            lsnSampleInterval: .milliseconds(1),
            collectors: ["slot": false, "zebra": true]
        )
        let found = errors { () throws(ConfigurationError) in
            try ConfigurationLoader.test.parse("targets: [{name: a}]", overrides: overrides)
        }
        #expect(
            found == [
                "--collection.timeout: expected 1ms to 5m, got 0s",
                "--collection.directory-interval: expected 1s to 1d, got 1ms",
                "--collection.lsn-sample-interval: expected 100ms to 1d, or 0 for never, got 1ms",
                "--no-collector.slot: unknown collector; known: archiver, slots, subscriptions, wal; did you mean 'slots'?",
                "--collector.zebra: unknown collector; known: archiver, slots, subscriptions, wal",
                "config.yml:1:11: targets[0]: the key 'dsn' is missing; write dsn: \"\" to leave it to libpq's environment",
            ]
        )
    }

    @Test func `a flag's duration is read as in the file`() throws {
        #expect(try Overrides.duration("1m30s") == .seconds(90))
        let error = #expect(throws: ConfigurationError.self) { try Overrides.duration("5") }
        #expect(error?.description == "expected a duration such as 500ms, 5s, 1m30s or 2h; the number 5 has no unit")
    }
}
