import Testing

@testable import ExporterConfiguration

/// Whatever is wrong around a secret, no output shows it.
struct SecrecyTests {
    private static let sentinel = "SENTINEL7f3a"

    /// Each `§` is a place where somebody may put a password, rightly or by mistake.
    @Test(arguments: [
        "targets: [{name: a, dsn: 'password=§ BROKEN'}]",
        "targets: [{name: a, dsn: [§]}]",
        "targets: [{name: a, dsn: {§: 1}}]",
        "targets: [{name: a, dsn: {§: 1, §: 2}}]",
        "targets: [{name: a, dsn: {§, §}}]",
        "targets: [{name: a, dsn: !§ x}]",
        "targets: [{name: a, dsn: !§!x y}]",
        "targets: [{name: a, dsn: !<§> y}]",
        "targets: [{name: a, dsn: *§}]",
        "targets: [{name: a, dsn: &§ [x]}]",
        "targets: [{name: a, dsn: \"§\\0\"}]",
        "targets: [{name: a, dsn: \"§}]",
        "targets: [{name: a, dsn: \"\\§\"}]",
        "targets: [{name: a, dsn: %§}]",
        "targets: [{name: a, dsn: §: x}]",
        "targets: [{name: a, dsn: x, dsn: §}]",
        "targets: [{name: a, password: §}]",
        "targets: [{name: a, password: [§, {§: §}]}]",
        "targets: [{name: a, dsn: x, pasword_fil: §}]",
        "targets: [{name: a, 'host=x password=§': }]",
        "targets: [{name: a, 'postgres://u:§@h': x}]",
        "targets: ['password=§']",
        "targets: 'password=§'",
        "targets: {dsn: §}",
        "targets:\n  - name: a\n  dsn: §\n",
        "targets:\n  - name: a\n    dsn: host=x password=§: y\n",
        "targets:\n  - name: a\n    dsn:\n      password=§: y\n      password=§: z\n",
        "targets:\n  - name: a\n\t dsn: §\n",
        "targets:\n  - name: a\n    dsn: |\n     §\n    §\n",
        "targets:\n  - name: a\n    host=x password=§: y\n",
        "targets:\n  - name: a\n    dsn: §\u{1}\n",
        "targets:\n  - name: a\n    dsn: §\n    labels: {target: x}\n",
        "dsn: §",
        "password: §",
        "password=§: x",
        "postgres://u:§@h/d",
        "patroni: [{name: a, urls: ['http://u:§@h'], dsn: x}]",
        "patroni: [{name: a, urls: ['http://h/?§'], dsn: x}]",
        "patroni: [{name: a, urls: ['§'], dsn: x}]",
        "patroni: [{name: a, urls: ['http://h', 'http://h'], dsn: §}]",
        "patroni: [{name: a, urls: [http://h], dsn: [§]}]",
        "patroni: [{name: a, urls: [http://h], dsn: 'BROKEN §'}]",
        "patroni: [{name: a, urls: [http://h], password: §, dsn: ''}]",
        "patroni: [{name: a, urls: [http://h], dsn: 'host=h password=§'}]",
        "patroni: [{name: a, urls: [http://h], dsn: 'port=§ BROKEN'}]",
        "patroni: [{name: a/b, urls: [http://h], dsn: '', password_file: §}]",
        "patroni: [{name: a, urls: [http://h], dsn: '', password_file: [§]}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', tls_config: {key_file: \"absent\\n§\"}}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', tls_config: {ca_file: absent/§}}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', tls_config: {key: §}}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', basic_auth: {username: a, password: [§]}}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', basic_auth: {username: a, password: §, password_file: b}}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', basic_auth: {username: 'a:§', password: §}}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', basic_auth: {username: a, pasword: §}}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', basic_auth: {username: a, password: \"§\\0\"}}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', basic_auth: §}]",
        "patroni: [{name: a, urls: ['https://u:§@h'], dsn: '', basic_auth: {username: u, password: §}}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', members_within: [§]}]",
        "patroni: [{name: a, urls: [https://h], dsn: '', tls_config: {key_file: {§: x}}}]",
        "patroni: [{name: a, urls: [http://h], dsn: '', expect: {slots: [{name: 'password=§'}]}}]",
        "patroni: [{name: a, urls: [http://h], dsn: '', expect: {slots: [{name: a, on: 'password=§'}]}}]",
        "patroni: [{name: a, urls: [http://h], dsn: '', labels: {'password=§': x}}]",
        "patroni: [{name: a, urls: [http://h], dsn: '', timeout: 'password=§'}]",
        "targets: [{name: 'a/postgres://u:§@h', dsn: ''}]\npatroni: [{name: a, urls: [http://h], dsn: ''}]",
        "patroni: [§]",
    ])
    func `no message about a file shows a secret`(text: String) {
        let found = errors(in: text.replacing("§", with: Self.sentinel))
        #expect(!found.isEmpty)
        #expect(!found.joined().contains(Self.sentinel), "\(found)")
    }

    @Test(arguments: ["PGWAL_DSN", "DATA_SOURCE_NAME"])
    func `no message about the environment shows a secret`(variable: String) {
        for text in ["password=§ BROKEN", "host=a password=§,host=b password=§ BROKEN"] {
            let found = errors { () throws(ConfigurationError) in
                try ConfigurationLoader.test.load(file: nil, dsn: nil, environment: [variable: text.replacing("§", with: Self.sentinel)])
            }
            #expect(!found.isEmpty)
            #expect(!found.joined().contains(Self.sentinel))
        }
    }

    @Test func `no way to print a configuration shows a secret`() {
        let secret = Secret("password=\(Self.sentinel)")
        let target = TargetConfiguration(name: "a", dsn: secret)
        var cluster = PatroniTests.cluster
        cluster.dsn = secret
        let configuration = Configuration(targets: [target], patroni: [cluster], origin: .flag)
        let member = cluster.target(member: "b", dsn: secret)
        let values: [Any] = [secret, target, cluster, member, configuration, [secret: secret], [secret], Optional(secret) as Any, (secret, secret)]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            let outputs = ["\(value)", String(describing: value), String(reflecting: value), "\([value])", dumped, mirrored(value)]
            for output in outputs {
                #expect(!output.contains(Self.sentinel))
                #expect(output.contains("***"))
            }
        }
        #expect(!configuration.yaml { _ in "***" }.contains(Self.sentinel))
        #expect(secret.reveal() == "password=\(Self.sentinel)")
    }

    /// All that reflection reaches.
    private func mirrored(_ value: Any) -> String {
        Mirror(reflecting: value).children.map { "\($0.value) " + mirrored($0.value) }.joined() + "\(value)"
    }

    @Test func `an error of a password file does not show what is in it`() throws {
        try withFile(Array(Self.sentinel.utf8) + [0]) { path in
            let error = #expect(throws: PasswordFileError.self) { try PasswordFile.read(path) }
            #expect(!String(reflecting: error).contains(Self.sentinel))
        }
    }
}
