internal import CLibYAML

/// Where and why a text is not YAML. libyaml's own messages never quote the text.
struct SyntaxError: Error {
    var mark: Mark
    var message: String

    init(mark: Mark, message: String) {
        self.mark = mark
        self.message = message
    }

    init(_ parser: yaml_parser_t, input: UnsafeBufferPointer<UInt8>) {
        let problem = parser.problem.map { String(cString: $0) } ?? "cannot be parsed"
        guard parser.error != YAML_READER_ERROR else {
            mark = Self.mark(ofByte: parser.problem_offset, in: input)
            message = "not a text file in UTF-8: \(problem)"
            return
        }
        mark = Mark(parser.problem_mark)
        if Self.isIndentedWithTab(line: mark.line, in: input) {
            message = "not valid YAML: a tab indents this line; use spaces"
            return
        }
        message = "not valid YAML: \(problem)"
        if let context = parser.context {
            message += ", \(String(cString: context))"
            let start = Mark(parser.context_mark)
            if start.line != mark.line { message += " that begins on line \(start.line)" }
        }
    }

    /// For errors of the encoding libyaml gives the byte alone.
    private static func mark(ofByte offset: Int, in input: UnsafeBufferPointer<UInt8>) -> Mark {
        let before = input.prefix(offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        return Mark(line: line, column: before.count - lineStart + 1)
    }

    /// The commonest mistake, for which libyaml's words ("cannot start any token") help nobody.
    private static func isIndentedWithTab(line: Int, in input: UnsafeBufferPointer<UInt8>) -> Bool {
        let lines = input.split(separator: UInt8(ascii: "\n"), maxSplits: line, omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return false }
        return lines[line - 1].first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "\t")
    }
}
