import Testing

@testable import YAMLTree

struct MappingReaderTests {
    private let keys = ["host", "port", "tags", "password_file"]

    private func problems(_ text: String) -> [String] {
        reading(text) { $0.mapping(of: keys) }.problems
    }

    @Test(arguments: [
        ("prot: 1", "1:1: prot: unknown key; known: host, password_file, port, tags; did you mean 'port'?"),
        ("password: x", "1:1: password: unknown key; known: host, password_file, port, tags; did you mean 'password_file'?"),
        ("password-file: x", "1:1: password-file: unknown key; known: host, password_file, port, tags; did you mean 'password_file'?"),
        ("Host: x", "1:1: Host: unknown key; known: host, password_file, port, tags; did you mean 'host'?"),
        ("zebra: 1", "1:1: zebra: unknown key; known: host, password_file, port, tags"),
        ("<<: 1", "1:1: unknown key; known: host, password_file, port, tags"),
        ("'host=a password=b': 1", "1:1: unknown key; known: host, password_file, port, tags"),
        ("{'': 1}", "1:2: unknown key; known: host, password_file, port, tags"),
        ("host: a\nport: 1\nhost: b", "3:1: host: duplicate key, first given on line 1"),
        ("[a]", "1:1: expected a mapping of keys to values, got a list"),
        ("a", "1:1: expected a mapping of keys to values, got text"),
        ("", "1:1: expected a mapping of keys to values, got nothing"),
    ])
    func `wrong keys are problems with the known ones and the one probably meant`(text: String, problem: String) {
        #expect(problems(text) == ["config.yml:\(problem)"])
    }

    @Test func `keys of ten thousand letters are neither quoted nor compared`() {
        let key = String(repeating: "h", count: 10_000)
        #expect(problems("? \(key)\n: 1") == ["config.yml:1:3: unknown key; known: host, password_file, port, tags"])
    }

    @Test func `the first of duplicate keys counts`() {
        #expect(reading("host: a\nhost: b") { $0.mapping(of: keys)?.optional("host")?.text() }.value == "a")
    }

    @Test func `a missing key is a problem of the mapping`() {
        let result = reading("\n  port: 1") { $0.mapping(of: keys)?.required("host", hint: "write host: localhost") }
        #expect(result.value == nil)
        #expect(result.problems == ["config.yml:2:3: the key 'host' is missing; write host: localhost"])
    }

    @Test func `paths lead through mappings and lists`() {
        let result = reading("tags:\n  - port: 1\n  - [a, {port: x}]") { root -> Int? in
            let list = root.mapping(of: keys)?.optional("tags")?.list()
            return list?[1].list()?[1].mapping(of: keys)?.optional("port")?.integer(in: 1...9)
        }
        #expect(result.problems == ["config.yml:3:16: tags[1][1].port: expected a whole number from 1 to 9, got 'x'"])
    }

    @Test func `lists and maps of texts leave out what is no text and note it`() {
        let list = reading("[a, [b], 1, ~]") { $0.textList()?.map(\.value) }
        #expect(list.value == ["a", "1"])
        #expect(
            list.problems == [
                "config.yml:1:5: [1]: expected text, got a list", "config.yml:1:13: [3]: expected text, got nothing",
            ]
        )
        let map = reading("b: x\na: 1\nc: {}\nb: y\n'd e': []") { $0.textMap()?.map { "\($0.key.value)=\($0.value.value)" } }
        #expect(map.value == ["b=x", "a=1"])
        #expect(
            map.problems == [
                "config.yml:3:4: c: expected text, got a mapping", "config.yml:4:1: b: duplicate key, first given on line 1",
                "config.yml:5:8: expected text, got a list",
            ]
        )
    }

    @Test(arguments: [
        ("host: *x", "aliases (*) are not supported; quote the text if it is none"),
        ("host: !x", "tags (!) are not supported; quote the text if it is none"),
        ("host: !x [a]", "tags (!) are not supported; quote the text if it is none"),
    ])
    func `what was refused already causes no further problem`(text: String, message: String) {
        let result = reading(text) { $0.mapping(of: keys)?.required("host")?.text() }
        #expect(result.value == nil)
        #expect(result.problems == ["config.yml:1:7: \(message)"])
    }

    @Test func `all problems are there in the order of the file, up to a limit`() {
        let some = reading("b: 1\nport: x\na: 1") { $0.mapping(of: keys)?.optional("port")?.integer(in: 1...2) }.problems
        #expect(some.map { $0.prefix(13) } == ["config.yml:1:", "config.yml:2:", "config.yml:3:"])
        let many = problems((1...250).map { "k\($0): x\n" }.joined())
        #expect(many.count == 101)
        #expect(many.last == "config.yml: and 150 more problems")
    }
}
