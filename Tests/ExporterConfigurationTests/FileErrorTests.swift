import Testing

@testable import ExporterConfiguration

/// Mistakes and the lines that users see, word for word.
struct FileErrorTests {
    private static let example = "write at least: targets: [{name: main, dsn: host=localhost user=monitor}]"

    @Test(arguments: [
        ("", ["1:1: the file is empty; \(example)"]),
        ("# only a comment\n", ["1:1: the file is empty; \(example)"]),
        ("{}", ["1:1: there are no targets; \(example)"]),
        ("targets: []", ["1:1: there are no targets; \(example)"]),
        ("targets: []\npatroni: []", ["1:1: there are no targets; \(example)"]),
        ("targets:\n", ["1:9: targets: expected a list, got nothing"]),
        (
            "target: []",
            [
                "1:1: target: unknown key; known: collection, patroni, silence, state, targets; did you mean 'targets'?",
                "1:1: there are no targets; \(example)",
            ]
        ),
        ("- name: a", ["1:1: expected a mapping of keys to values, got a list"]),
        ("hello", ["1:1: expected a mapping of keys to values, got text"]),
        ("targets: {name: a}", ["1:10: targets: expected a list, got a mapping"]),
        ("targets: [a]", ["1:11: targets[0]: expected a mapping of keys to values, got text"]),
        (
            "targets: [{}]",
            [
                "1:11: targets[0]: the key 'name' is missing; it becomes the label target",
                "1:11: targets[0]: the key 'dsn' is missing; write dsn: \"\" to leave it to libpq's environment",
            ]
        ),
        ("targets:\n\t- name: a", ["2:1: not valid YAML: a tab indents this line; use spaces"]),
        ("targets: [\u{1}", ["1:11: not a text file in UTF-8: control characters are not allowed"]),
        (String(repeating: "{targets: ", count: 10_000), ["1:312: nested more than 32 levels deep"]),
        ("targets: [{name: a, dsn: ''}]\ntargets: []", ["2:1: targets: duplicate key, first given on line 1"]),
        ("targets: [{name: a, dsn: ''}]\n---\n", ["2:1: a second document begins here; the file must hold one"]),
        ("targets: [{name: a, dsn: ''}]\ncollection: [timeout]", ["2:13: collection: expected a mapping of keys to values, got a list"]),
    ])
    func `mistakes of the document`(text: String, lines: [String]) {
        #expect(errors(in: text) == lines.map { "config.yml:\($0)" })
    }

    @Test(arguments: [
        ("prot: 1", "prot: unknown key; known: dsn, expect, labels, name, password_file, wal_directory"),
        ("password: x", "password: unknown key; known: dsn, expect, labels, name, password_file, wal_directory; did you mean 'password_file'?"),
        ("password_file: ''", "password_file: must not be empty; leave the key out when there is no password file"),
        ("password_file: [a]", "password_file: expected text, got a list"),
        ("labels: [a]", "labels: expected a mapping of keys to values, got a list"),
        ("labels: {site: [a]}", "labels.site: expected text, got a list"),
        ("labels: {site: ''}", "labels.site: must not be empty"),
        ("labels: {site: \"a\\nb\"}", "labels.site: must be printable and in one line; it holds the character U+000A"),
        ("labels: {site: \"a\\u200Fb\"}", "labels.site: must be printable and in one line; it holds the character U+200F"),
        ("password_file: \"/a\\u202Eb\"", "password_file: must be printable and in one line; it holds the character U+202E"),
        ("labels: {2nd: a}", "labels.2nd: not a label name; letters, digits and _ are allowed, and the first must not be a digit"),
        ("labels: {a b: a}", "labels: not a label name; letters, digits and _ are allowed, and the first must not be a digit"),
        ("labels: {'': a}", "labels: not a label name; letters, digits and _ are allowed, and the first must not be a digit"),
        ("labels: {ä: a}", "labels.ä: not a label name; letters, digits and _ are allowed, and the first must not be a digit"),
        ("labels: {\(String(repeating: "a", count: 129)): a}", "labels: must not be longer than 128 bytes"),
        ("labels: {__name__: a}", "labels.__name__: label names that begin with __ are Prometheus's own"),
        ("labels: {target: a}", "labels.target: this label name is reserved for Prometheus or the exporter's metrics; choose another"),
        ("labels: {job: a}", "labels.job: this label name is reserved for Prometheus or the exporter's metrics; choose another"),
        ("labels: {instance: a}", "labels.instance: this label name is reserved for Prometheus or the exporter's metrics; choose another"),
        ("labels: {slot: a}", "labels.slot: this label name is reserved for Prometheus or the exporter's metrics; choose another"),
        ("labels: {le: a}", "labels.le: this label name is reserved for Prometheus or the exporter's metrics; choose another"),
        ("expect: primary", "expect: expected a mapping of keys to values, got text"),
        ("expect: {rol: any}", "expect.rol: unknown key; known: delay, detached, role, slots, standbys; did you mean 'role'?"),
        ("expect: {role: master}", "expect.role: expected one of any, primary, standby, got 'master'"),
        ("expect: {role: primry}", "expect.role: expected one of any, primary, standby, got 'primry'; did you mean 'primary'?"),
        ("expect: {detached: yes}", "expect.detached: expected true or false, got 'yes'"),
        ("expect: {delay: 30}", "expect.delay: expected a duration such as 500ms, 5s, 1m30s or 2h; the number 30 has no unit"),
        ("expect: {delay: 0s}", "expect.delay: expected 1s to 24d, got 0s"),
        ("expect: {role: [any]}", "expect.role: expected one of any, primary, standby, got a list"),
        ("expect: {slots: {name: a}}", "expect.slots: expected a list, got a mapping"),
        ("expect: {slots: [a]}", "expect.slots[0]: expected a mapping of keys to values, got text"),
        ("expect: {slots: [{type: physical}]}", "expect.slots[0]: the key 'name' is missing"),
        ("expect: {slots: [{name: a, type: ~}]}", "expect.slots[0].type: expected one of physical, logical, got nothing"),
        ("expect: {slots: [{name: a, type: any}]}", "expect.slots[0].type: expected one of physical, logical, got 'any'"),
        ("expect: {slots: [{name: a, on: leader}]}", "expect.slots[0].on: expected one of any, primary, standby, got 'leader'"),
        ("expect: {slots: [{name: a, on: true}]}", "expect.slots[0].on: expected one of any, primary, standby, got 'true'"),
        ("expect: {slots: [{name: a, on: [primary]}]}", "expect.slots[0].on: expected one of any, primary, standby, got a list"),
        (
            "expect: {slots: [{name: a, type: phsical}]}",
            "expect.slots[0].type: expected one of physical, logical, got 'phsical'; did you mean 'physical'?"
        ),
        (
            "expect: {slots: [{name: A-b, type: logical}]}",
            "expect.slots[0].name: not a slot name; 1 to 63 lower-case letters, digits and _ are allowed"
        ),
        ("expect: {slots: [{name: a, type: logical, plugin: x}]}", "expect.slots[0].plugin: unknown key; known: name, on, type"),
        (
            "expect: {slots: [{name: a, type: logical}, {name: a, type: physical}]}",
            "expect.slots[1].name: the same as targets[0].expect.slots[0].name on line 4; each must be unique"
        ),
        (
            "expect: {standbys: [{application_name: a}, {application_name: a}]}",
            "expect.standbys[1].application_name: the same as targets[0].expect.standbys[0].application_name on line 4; each must be unique"
        ),
        ("expect: {standbys: [a]}", "expect.standbys[0]: expected a mapping of keys to values, got text"),
        ("expect: {standbys: [{}]}", "expect.standbys[0]: the key 'application_name' is missing"),
        ("expect: {standbys: [{application_name: b, name: a}]}", "expect.standbys[0].name: unknown key; known: application_name, on"),
        (
            "expect: {standbys: [{application_name: a, on: standbys}]}",
            "expect.standbys[0].on: expected one of any, primary, standby, got 'standbys'; did you mean 'standby'?"
        ),
        (
            "expect: {standbys: [{application_name: ä}]}",
            "expect.standbys[0].application_name: not an application_name; 1 to 63 printable ASCII characters are allowed"
        ),
        ("name: b", "name: duplicate key, first given on line 2"),
    ])
    func `mistakes of a target`(text: String, message: String) throws {
        let lines = errors(in: "targets:\n  - name: a\n    dsn: host=b\n    \(text)\n")
        let first = try #require(lines.first)
        #expect(first.hasPrefix("config.yml:4:"))
        #expect(first.hasSuffix(": targets[0].\(message)"))
    }

    @Test(arguments: [
        ("''", "must not be empty"), ("' a'", "must not begin or end with a space"),
        ("\"a\\tb\"", "must be printable and in one line; it holds the character U+0009"),
        ("\"\\u202Eab\\u2028\"", "must be printable and in one line; it holds the character U+202E"),
        ("a\u{2066}b", "must be printable and in one line; it holds the character U+2066"),
        ("a\u{200B}b", "must be printable and in one line; it holds the character U+200B"),
        ("a\u{3164}b", "must be printable and in one line; it holds the character U+3164"),
        ("\"\\U000E0041\"", "must be printable and in one line; it holds the character U+E0041"),
        (String(repeating: "ä", count: 65), "must not be longer than 128 bytes"),
        ("|\n      " + String(repeating: "x", count: 10_000), "must not be longer than 128 bytes"), ("~", "expected text, got nothing"),
    ])
    func `mistakes of a name`(name: String, message: String) {
        #expect(errors(in: "targets:\n  - name: \(name)\n    dsn: ''\n") == ["config.yml:2:11: targets[0].name: \(message)"])
    }

    @Test(arguments: ["orders (dc1)", "日本語 😀", "a ❤️", "a", String(repeating: "ä", count: 64)])
    func `a name may be any printable text`(name: String) throws {
        let configuration = try ConfigurationLoader.test.parse("targets: [{name: '\(name)', dsn: ''}]")
        #expect(configuration.targets.map(\.name) == [name])
    }

    @Test func `names that are given twice are shown with both places`() {
        let text = "targets:\n  - {name: a, dsn: ''}\n  - {name: b, dsn: ''}\n  - {name: a, dsn: ''}\n"
        #expect(errors(in: text) == ["config.yml:4:12: targets[2].name: the same as targets[0].name on line 2; each must be unique"])
    }

    @Test func `all mistakes are reported together in the order of the file`() {
        let text = """
            collection: {timeout: 5, disable: [subscription]}
            targets:
              - nmae: a
                dsn: BROKEN
                labels: {job: x}
              - name: b
                expect: {role: boss}
            color: red
            """
        #expect(
            errors(in: text) == [
                "config.yml:1:23: collection.timeout: expected a duration such as 500ms, 5s, 1m30s or 2h; the number 5 has no unit",
                "config.yml:1:36: collection.disable[0]: unknown collector; known: archiver, slots, subscriptions, wal; did you mean 'subscriptions'?",
                "config.yml:3:5: targets[0].nmae: unknown key; known: dsn, expect, labels, name, password_file, wal_directory; did you mean 'name'?",
                "config.yml:3:5: targets[0]: the key 'name' is missing; it becomes the label target",
                "config.yml:4:10: targets[0].dsn: not a connection string",
                "config.yml:5:14: targets[0].labels.job: this label name is reserved for Prometheus or the exporter's metrics; choose another",
                "config.yml:6:5: targets[1]: the key 'dsn' is missing; write dsn: \"\" to leave it to libpq's environment",
                "config.yml:7:20: targets[1].expect.role: expected one of any, primary, standby, got 'boss'",
                "config.yml:8:1: color: unknown key; known: collection, patroni, silence, state, targets",
            ]
        )
    }
}
