import Testing

@testable import YAMLTree

struct ScalarTextTests {
    @Test(arguments: [
        ("orders-dc1", "orders-dc1"), ("/run/secrets/x", "/run/secrets/x"), ("", "\"\""), ("no", "\"no\""), ("Null", "\"Null\""), ("5s", "\"5s\""),
        ("host=a b", "\"host=a b\""), ("a\"b\\c\n\t\u{0}", "\"a\\\"b\\\\c\\n\\t\\U00000000\""), ("ä", "\"ä\""), ("\u{202E}", "\"\\U0000202E\""),
    ])
    func `text is plain when no reader could take it for something else`(text: String, expected: String) {
        #expect(ScalarText.render(text) == expected)
    }

    @Test func `what is written is read back`() {
        var generator = SystemRandomNumberGenerator()
        let special = Array("'\"\\#:&*!|>%@` \t\n\r[]{},-?\u{85}\u{A0}\u{2028}\u{FEFF}\u{FFFF}\u{E000}😀é".unicodeScalars)
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let any = Unicode.Scalar(UInt32.random(in: 1...0x10FFFF, using: &generator)) ?? "x"
                text.unicodeScalars.append(Bool.random(using: &generator) ? any : special.randomElement(using: &generator)!)
            }
            let result = reading("key: [\(ScalarText.render(text))]") { $0.mapping(of: ["key"])?.optional("key")?.textList()?.map(\.value) }
            // Not ==, which takes canonically equivalent texts for equal.
            #expect(result.value?.first.map { Array($0.utf8) } == Array(text.utf8), "\(text.debugDescription) \(result.problems)")
        }
    }
}
