import Testing

@testable import YAMLTree

struct ComposerTests {
    @Test(arguments: [
        ("a: 1", "1:1{1:1 a: 1:4<1>}"),
        ("a: '1'\nb: \"x\\ty\"\nc: |\n  z\n", "1:1{1:1 a: 1:4\"1\", 2:1 b: 2:4\"x\ty\", 3:1 c: 3:4\"z\n\"}"),
        ("- x\n- [y, {z: }]\n", "1:1[1:3<x>, 2:3[2:4<y>, 2:7{2:8 z: 2:11<>}]]"),
        ("# comment\n---\nü: ä  # more\n...\n", "3:1{3:1 ü: 3:4<ä>}"),
        ("ä: [ö, ü]", "1:1{1:1 ä: 1:4[1:5<ö>, 1:8<ü>]}"),
        ("%YAML 1.1\n---\na\n", "3:1<a>"),
        ("a: 1\r\nb: 2\r\n", "1:1{1:1 a: 1:4<1>, 2:1 b: 2:4<2>}"),
        ("\u{FEFF}a: 1\n", "1:1{1:1 a: 1:4<1>}"),
        ("", "1:1<>"),
        ("# nothing\n", "1:1<>"),
        ("---\n", "2:1<>"),
        ("b: 1\na: 2\nb: 3", "1:1{1:1 b: 1:4<1>, 2:1 a: 2:4<2>, 3:1 b: 3:4<3>}"),
    ])
    func `every node carries the line and the column in characters where it begins`(text: String, outline: String) {
        let result = reading(text) { $0.node.outline }
        #expect(result.value == outline)
        #expect(result.problems == [])
    }

    @Test(arguments: [
        ("a: &x 1", "config.yml:1:4: anchors (&) are not supported; quote the text if it is none"),
        ("a: *x", "config.yml:1:4: aliases (*) are not supported; quote the text if it is none"),
        ("a: !x 1", "config.yml:1:4: tags (!) are not supported; quote the text if it is none"),
        ("a: !!str 1", "config.yml:1:4: tags (!) are not supported; quote the text if it is none"),
        ("a:\n  - &x [1]", "config.yml:2:5: anchors (&) are not supported; quote the text if it is none"),
        ("a:\n  - &x {b: 1}", "config.yml:2:5: anchors (&) are not supported; quote the text if it is none"),
        ("a: 1\n---\nb: 2", "config.yml:2:1: a second document begins here; the file must hold one"),
        ("? [a]\n: 1", "config.yml:1:3: a key must be text"),
        ("a: 1\n\tb: 2", "config.yml:2:1: not valid YAML: a tab indents this line; use spaces"),
        ("a:\n\t- 1\n", "config.yml:2:1: not valid YAML: a tab indents this line; use spaces"),
        ("a: [1", "config.yml:2:1: not valid YAML: did not find expected ',' or ']', while parsing a flow sequence that begins on line 1"),
        ("a: 'x\n", "config.yml:2:1: not valid YAML: found unexpected end of stream, while scanning a quoted scalar that begins on line 1"),
        ("a: b: c", "config.yml:1:5: not valid YAML: mapping values are not allowed in this context"),
        ("a: @x", "config.yml:1:4: not valid YAML: found character that cannot start any token, while scanning for the next token"),
    ])
    func `what a configuration cannot use is a problem with its place`(text: String, problem: String) {
        #expect(problems(in: Array(text.utf8)) == [problem])
    }

    private static let garbage: [([UInt8], String)] = [
        (Array("a: 1\nb: ".utf8) + [0xFF, 0xFE], "config.yml:2:4: not UTF-8: save the file in this encoding"),
        (Array("a: x\u{7}".utf8), "config.yml:1:5: not a text file in UTF-8: control characters are not allowed"),
        ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], "config.yml:1:8: a NUL character; the file must be text in UTF-8"),
        ([0x1F, 0x8B, 8, 0], "config.yml:1:2: not UTF-8: save the file in this encoding"),
        ([0], "config.yml:1:1: a NUL character; the file must be text in UTF-8"),
        (Array("a: 1\nä: \0".utf8), "config.yml:2:4: a NUL character; the file must be text in UTF-8"),
        (Array("a: 1\nb: M".utf8) + [0xFC] + Array("ller".utf8), "config.yml:2:5: not UTF-8: save the file in this encoding"),
        (Self.utf16("a: 1", mark: true, isBig: false), "config.yml:1:1: the file is in UTF-16; UTF-8 is expected"),
        (Self.utf16("a: 1", mark: true, isBig: true), "config.yml:1:1: the file is in UTF-16; UTF-8 is expected"),
        (Self.utf16("a: 1", mark: false, isBig: false), "config.yml:1:1: the file is in UTF-16; UTF-8 is expected"),
        (Self.utf16("a: 1", mark: false, isBig: true), "config.yml:1:1: the file is in UTF-16; UTF-8 is expected"),
        ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "config.yml:1:1: the file is in UTF-32; UTF-8 is expected"),
        ([0, 0, 0, 0x61], "config.yml:1:1: the file is in UTF-32; UTF-8 is expected"),
    ]

    @Test(arguments: garbage)
    func `binary garbage is a problem with its place`(bytes: [UInt8], problem: String) {
        #expect(problems(in: bytes) == [problem])
    }

    private static func utf16(_ text: String, mark: Bool, isBig: Bool) -> [UInt8] {
        ((mark ? [0xFEFF] : []) + text.utf16).flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    @Test func `the mark of UTF-8 at the beginning does no harm`() {
        #expect(problems(in: [0xEF, 0xBB, 0xBF] + Array("a: 1".utf8)).isEmpty)
    }

    @Test func `any bytes at all are read without harm`() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("ab:-[]{},'\"\\#&*!|>%@` \t\n\r".utf8) + [0, 0xC3, 0xA4, 0xFF, 0xEF, 0xBB, 0xBF]
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! }
            let log = ProblemLog(file: "")
            let node = Composer.compose(bytes, log: log)
            #expect(node != nil || !log.isEmpty, "\(bytes)")
        }
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `a nesting bomb is refused at the depth limit`(bracket: String) {
        let bomb = Array(String(repeating: bracket, count: 100_000).utf8)
        let found = problems(in: bomb)
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix("nested more than 32 levels deep") == true, "\(found)")
    }

    @Test func `32 levels are allowed`() {
        let deep = String(repeating: "[", count: 31) + "x" + String(repeating: "]", count: 31)
        #expect(problems(in: Array(deep.utf8)) == [])
        #expect(problems(in: Array("[\(deep)]".utf8)) == ["config.yml:1:33: nested more than 32 levels deep"])
    }
}
