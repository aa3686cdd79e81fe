import Testing

@testable import Terminal

@Suite struct CheckResultTests {
    private func result(_ parts: [CheckResult.Part], _ performance: [CheckResult.Performance] = []) -> CheckResult {
        CheckResult(name: "lag", parts: parts, performance: performance, wellText: "2 standbys, none is late")
    }

    @Test("The worst goes first; what is bad goes before what is not known, and that before what is well")
    func worst() {
        let all = result([.init(.ok, "a"), .init(.unknown, "b"), .init(.warning, "c"), .init(.critical, "d")])
        #expect(all.status == .critical)
        #expect(all.text.hasPrefix("PGWAL LAG CRITICAL - d, c, b\n"))
        #expect(result([.init(.ok, "a"), .init(.unknown, "b")]).status == .unknown)
        #expect(result([]).status == .unknown)
        #expect(result([.init(.ok, "a"), .init(.ok, "b")]).text.hasPrefix("PGWAL LAG OK - 2 standbys, none is late\n"))
    }

    @Test("Performance data: label, value, unit, thresholds, least")
    func performance() {
        let one = CheckResult.Performance(
            label: "it's=a|b",
            value: 1.5,
            unit: .seconds,
            warning: MonitoringRange("60", .seconds),
            critical: MonitoringRange("5min", .seconds)
        )
        #expect(result([.init(.ok, "a is 1.5 s behind")], [one]).text == "PGWAL LAG OK - a is 1.5 s behind | 'it''s_a/b'=1.5s;60;300;0\n")
    }

    @Test("A name cannot begin performance data, a line, or a sequence that a terminal obeys")
    func hostile() {
        let text = result([.init(.critical, "x|y\n\u{1B}[2J\u{9B}31m\u{202E}z")]).text
        #expect(text == "PGWAL LAG CRITICAL - x/y\\u{a}\\u{1b}[2J\\u{9b}31m\\u{202e}z\n")
    }

    @Test("Words are broken at spaces, and none is lost")
    func wrapped() {
        let style = TerminalStyle(hasColour: false, width: 12)
        #expect(style.wrapped("one two three four", first: "- ", indent: "  ") == ["- one two", "  three four"])
        #expect(style.wrapped("averylongwordindeed x", indent: "") == ["averylongwordindeed", "x"])
        #expect(TerminalStyle.plain.wrapped("one two three four", first: "- ", indent: "  ") == ["- one two three four"])
    }
}
