import ExporterConfiguration
import Testing

/// Mistakes in `patroni`, with the lines that users see.
struct PatroniErrorTests {
    @Test(arguments: [
        ("{urls: [http://a], dsn: ''}", "1:11: patroni[0]: the key 'name' is missing"),
        ("{name: a, dsn: ''}", "1:11: patroni[0]: the key 'urls' is missing; write urls: [http://host:8008]"),
        (
            "{name: a, urls: [http://a]}",
            "1:11: patroni[0]: the key 'dsn' is missing; write what all members have in common, such as dsn: dbname=postgres user=monitor"
        ),
        ("{name: a, dsn: '', urls: http://a}", "1:36: patroni[0].urls: expected a list, got text"),
        ("{name: a, dsn: '', urls: []}", "1:36: patroni[0].urls: name at least one member: [http://host:8008]"),
        ("{name: a, dsn: '', urls: [a]}", "1:37: patroni[0].urls[0]: expected http://host:port or https://host:port"),
        ("{name: a, dsn: '', urls: ['http://']}", "1:37: patroni[0].urls[0]: expected http://host:port or https://host:port"),
        ("{name: a, dsn: '', urls: ['http://:80']}", "1:37: patroni[0].urls[0]: expected http://host:port or https://host:port"),
        ("{name: a, dsn: '', urls: ['http://a b']}", "1:37: patroni[0].urls[0]: expected http://host:port or https://host:port"),
        (
            "{name: a, dsn: '', urls: [http://u:p@a]}",
            "1:37: patroni[0].urls[0]: expected http://host:port or https://host:port, without user and password, for which there is the key basic_auth"
        ),
        (
            "{name: a, dsn: '', urls: [http://a, http://a]}",
            "1:47: patroni[0].urls[1]: the same as patroni[0].urls[0] on line 1; each must be unique"
        ),
        (
            "{name: a, dsn: '', urls: [http://a], scope: b}",
            "1:48: patroni[0].scope: unknown key; known: \(keys)"
        ),
        (
            "{name: a, dsn: '', urls: [http://a]}, {name: a, dsn: '', urls: [http://b]}",
            "1:56: patroni[1].name: the same as patroni[0].name on line 1; each must be unique"
        ),
        ("{name: a, dsn: BROKEN, urls: [http://a]}", "1:26: patroni[0].dsn: not a connection string"),
        (
            "{name: a/b, dsn: '', urls: [http://a]}",
            "1:18: patroni[0].name: must not contain a slash; members are called CLUSTER/MEMBER"
        ),
        ("{name: ' ', dsn: '', urls: [http://a]}", "1:18: patroni[0].name: must not begin or end with a space"),
        ("{name: a, dsn: dbname=d host=h, urls: [http://a]}", "1:26: patroni[0].dsn: must not give host: Patroni tells host and port of each member"),
        (
            "{name: a, dsn: port=1 hostaddr=h user=u host=h, urls: [http://a]}",
            "1:26: patroni[0].dsn: must not give host, hostaddr, port: Patroni tells host and port of each member"
        ),
        ("x", "1:11: patroni[0]: expected a mapping of keys to values, got text"),
    ])
    func `mistakes of Patroni clusters`(text: String, line: String) {
        #expect(errors(in: "patroni: [\(text)]") == ["config.yml:\(line)"])
    }

    @Test(arguments: [
        ("password_file: ''", "password_file: must not be empty; leave the key out when there is no password file"),
        ("password: x", "password: unknown key; known: \(keys); did you mean 'password_file'?"),
        ("labels: [a]", "labels: expected a mapping of keys to values, got a list"),
        ("labels: {site: ''}", "labels.site: must not be empty"),
        ("labels: {2nd: a}", "labels.2nd: not a label name; letters, digits and _ are allowed, and the first must not be a digit"),
        ("labels: {__name__: a}", "labels.__name__: label names that begin with __ are Prometheus's own"),
        ("timeout: 99ms", "timeout: expected 100ms to 30s, got 99ms"),
        ("timeout: 31s", "timeout: expected 100ms to 30s, got 31s"),
        ("timeout: 0", "timeout: expected 100ms to 30s, got 0s"),
        ("timeout: 2", "timeout: expected a duration such as 500ms, 5s, 1m30s or 2h; the number 2 has no unit"),
        ("interval: 999ms", "interval: expected 1s to 5m, got 999ms"),
        ("interval: 301s", "interval: expected 1s to 5m, got 5m1s"),
        ("interval: []", "interval: expected a duration such as 5s, got a list"),
        ("max_members: 0", "max_members: expected a whole number from 1 to 1000, got '0'"),
        ("max_members: 1001", "max_members: expected a whole number from 1 to 1000, got '1001'"),
        ("max_members: many", "max_members: expected a whole number from 1 to 1000, got 'many'"),
        ("members_within: 10.0.0.0/8", "members_within: expected a list, got text"),
        ("members_within: []", "members_within: name at least one range, or leave the key out when members may be anywhere"),
        ("members_within: [10.0.0.0/33]", "members_within[0]: \(range)"),
        ("members_within: [10.0.0.1/8]", "members_within[0]: \(range)"),
        ("members_within: [10.0.0.0/8, pg.example]", "members_within[1]: \(range)"),
        ("members_within: ['fd00::1/8']", "members_within[0]: \(range)"),
        ("members_within: ['']", "members_within[0]: \(range)"),
        ("basic_auth: x", "basic_auth: expected a mapping of keys to values, got text"),
        ("basic_auth: {username: a}", "basic_auth: needs a password_file, or a password"),
        ("basic_auth: {password: a}", "basic_auth: the key 'username' is missing"),
        ("basic_auth: {username: '', password: a}", "basic_auth.username: must not be empty"),
        ("basic_auth: {username: 'a:b', password: a}", "basic_auth.username: must not contain a colon"),
        ("basic_auth: {username: a, password: ''}", "basic_auth.password: must not be empty"),
        ("basic_auth: {username: a, password: [b]}", "basic_auth.password: expected text, got a list"),
        ("basic_auth: {username: a, password: b, password_file: c}", "basic_auth.password_file: not beside password; leave one of them out"),
        (
            "basic_auth: {username: a, user: b, password: c}",
            "basic_auth.user: unknown key; known: password, password_file, username; did you mean 'username'?"
        ),
        ("expect: []", "expect: expected a mapping of keys to values, got a list"),
        (
            "expect: {role: primary}",
            "expect.role: not for the members of a Patroni cluster: which of them is the primary is Patroni's to decide"
        ),
        ("expect: {detached: true}", "expect.detached: not for all members of a Patroni cluster; name the target under 'targets'"),
        ("expect: {delay: 1h}", "expect.delay: not for all members of a Patroni cluster; name the target under 'targets'"),
        ("expect: {slot: []}", "expect.slot: unknown key; known: slots, standbys; did you mean 'slots'?"),
        ("expect: {rol: any}", "expect.rol: unknown key; known: slots, standbys"),
        ("expect: {slots: [{name: A}]}", "expect.slots[0].name: not a slot name; 1 to 63 lower-case letters, digits and _ are allowed"),
        ("expect: {slots: [{name: a, on: x}]}", "expect.slots[0].on: expected one of any, primary, standby, got 'x'"),
        (
            "expect: {standbys: [{application_name: a, on: replica}]}",
            "expect.standbys[0].on: expected one of any, primary, standby, got 'replica'"
        ),
    ])
    func `mistakes of the optional keys of a cluster`(text: String, message: String) throws {
        let lines = errors(in: "patroni:\n  - name: a\n    dsn: ''\n    urls: [https://a]\n    \(text)\n")
        try #require(lines.count == 1)
        #expect(lines[0].hasPrefix("config.yml:5:"))
        #expect(lines[0].hasSuffix(": patroni[0].\(message)"))
    }

    private static let range =
        "expected a range of addresses such as 10.0.0.0/8 or \"fd00::/8\", with no bit set beyond its prefix, or an address"
    private static let keys = "basic_auth, dsn, expect, interval, labels, max_members, members_within, name, password_file, timeout, tls_config, urls"

    @Test(arguments: ["slot", "target", "job", "instance", "le", "cluster", "url", "role", "state", "upstream_host", "slot_name"])
    func `labels of a cluster may be none of its members' or its own`(name: String) {
        let message = "this label name is reserved for Prometheus or the exporter's metrics; choose another"
        #expect(
            errors(in: "patroni: [{name: a, dsn: '', urls: [http://a], labels: {\(name): a}}]")
                == ["config.yml:1:57: patroni[0].labels.\(name): \(message)"]
        )
    }

    @Test(arguments: ["cluster", "url", "role", "upstream_host"])
    func `labels of a target may be those of a cluster`(name: String) throws {
        let configuration = try ConfigurationLoader.test.parse("targets: [{name: a, dsn: '', labels: {\(name): b}}]")
        #expect(configuration.targets.map(\.labels) == [[name: "b"]])
    }

    @Test func `the labels that metrics of a cluster use may be told`() {
        let loader = ConfigurationLoader(knownCollectors: [], reservedLabels: [], reservedClusterLabels: ["member"], validateDSN: { _ in nil })
        for (name, count) in [("member", 1), ("target", 1), ("cluster", 0)] {
            let found = errors { () throws(ConfigurationError) in
                try loader.parse("patroni: [{name: a, dsn: host=h, urls: [http://a], labels: {\(name): a}}]")
            }
            #expect(found.count == count, "\(name)")
        }
    }

    @Test func `a target must not be called as a member`() {
        let text = """
            targets:
              - {name: orders/a, dsn: ''}
              - {name: orders, dsn: ''}
              - {name: sales/a, dsn: ''}
              - {name: a/orders, dsn: ''}
              - {name: orders/a/b, dsn: ''}
              - {name: orders/, dsn: ''}
            patroni:
              - {name: billing, dsn: '', urls: [http://a]}
              - {name: orders, dsn: '', urls: [http://b]}
            """
        let message = "what is before the slash is patroni[1].name on line 10, whose members are called CLUSTER/MEMBER; choose another"
        #expect(
            errors(in: text) == [
                "config.yml:2:12: targets[0].name: \(message)", "config.yml:6:12: targets[4].name: \(message)",
                "config.yml:7:12: targets[5].name: \(message)",
            ]
        )
    }

    @Test func `all mistakes of a cluster are reported together`() {
        let text = """
            patroni:
              - name: a/b
                urls: [ftp://a]
                dsn: host=h
                tls_config: {ca_file: absent}
                expect: {role: any, slots: [{type: x}]}
            """
        #expect(
            errors(in: text) == [
                "config.yml:2:11: patroni[0].name: must not contain a slash; members are called CLUSTER/MEMBER",
                "config.yml:3:12: patroni[0].urls[0]: expected http://host:port or https://host:port",
                "config.yml:4:10: patroni[0].dsn: must not give host: Patroni tells host and port of each member",
                "config.yml:5:17: patroni[0].tls_config: of no use: none of the urls begins with https://",
                "config.yml:5:27: patroni[0].tls_config.ca_file: this file cannot be read: No such file or directory",
                "config.yml:6:20: patroni[0].expect.role: not for the members of a Patroni cluster: which of them is the primary is Patroni's to decide",
                "config.yml:6:33: patroni[0].expect.slots[0]: the key 'name' is missing",
                "config.yml:6:40: patroni[0].expect.slots[0].type: expected one of physical, logical, got 'x'",
            ]
        )
    }
}
