import Exposition
import Testing

@Suite("Label sets")
struct LabelSetTests {
    @Test(
        "A value is escaped where the format says so, and nowhere else",
        arguments: [
            ("plain", #"plain"#),
            ("", ""),
            (#"a"b"#, #"a\"b"#),
            (#"a\b"#, #"a\\b"#),
            ("a\nb", #"a\nb"#),
            (#"\n"#, #"\\n"#),
            ("\\\n\"", #"\\\n\""#),
            ("\r\n", "\r\\n"),
            ("\t\u{0}\u{7F}", "\t\u{0}\u{7F}"),
            ("\u{2028}\u{85}", "\u{2028}\u{85}"),
            ("{a=b,}", "{a=b,}"),
            ("e\u{301} 👩‍👩‍👧‍👦 ✔", "e\u{301} 👩‍👩‍👧‍👦 ✔"),
        ]
    )
    func escaping(value: String, rendered: String) {
        #expect(Array(LabelSet([Label(name: "l", value: value)]).description.utf8) == Array("l=\"\(rendered)\"".utf8))
    }

    @Test("Labels keep the order in which they were given")
    func order() {
        #expect(LabelSet([Label(name: "b", value: "1"), Label(name: "a", value: "2")]).description == #"b="1",a="2""#)
    }

    @Test("Appending gives what rendering all at once gives")
    func appending() {
        let first = Label(name: "target", value: "a\"")
        let second = Label(name: "slot_name", value: "b\n")
        #expect(LabelSet([first]).appending(second) == LabelSet([first, second]))
        #expect(LabelSet.empty.appending(first) == LabelSet([first]))
    }

    @Test("Equal text means equal label sets with equal hashes, and any other text another label set")
    func equality() {
        let names = ["a", "a\u{0}", "a\r", "a\n", #"a\n"#, "a\"", #"a\""#, "", " ", "é", "e\u{301}"]
        let sets = names.map { LabelSet([Label(name: "l", value: $0)]) }
        #expect(Set(sets).count == names.count)
        #expect(Set(sets + sets).count == names.count)
    }

    @Test("The empty label set is empty, and one with an empty value is not")
    func emptiness() {
        #expect(LabelSet.empty.isEmpty)
        #expect(LabelSet([]) == .empty)
        #expect(!LabelSet([Label(name: "l", value: "")]).isEmpty)
    }
}
