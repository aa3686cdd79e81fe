import Testing

@testable import Terminal

/// What another process sent is shown, and does nothing else to the terminal.
struct ScreenTests {
    @Test(
        "of a screen, lines and wanted colours stay, and what else would move a terminal is shown as text",
        arguments: [
            ("a\nb\n", true, "a\nb\n"),
            ("\u{1B}[1;31mbad\u{1B}[0m", true, "\u{1B}[1;31mbad\u{1B}[0m"),
            ("\u{1B}[1;31mbad\u{1B}[0m", false, "\\u{1b}[1;31mbad\\u{1b}[0m"),
            ("\u{1B}[2J\u{1B}]0;x\u{7}", true, "\\u{1b}[2J\\u{1b}]0;x\\u{7}"),
            ("\u{1B}[", true, "\\u{1b}["), ("\u{1B}[1", true, "\\u{1b}[1"),
            ("\u{1B}[1111111111111111111111111m", true, "\\u{1b}[1111111111111111111111111m"),
            ("a\rb\u{202E}c\u{9B}1m", true, "a\\u{d}b\\u{202e}c\\u{9b}1m"),
        ] as [(String, Bool, String)]
    )
    func screen(text: String, colour: Bool, shown: String) {
        #expect(TerminalStyle.safe(screen: text, allowingColour: colour) == shown)
    }
}
