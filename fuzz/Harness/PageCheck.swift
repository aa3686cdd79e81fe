import Exposition

/// What holds of every page beside its grammar.
enum PageCheck {
    static func check(_ page: [UInt8], _ format: ExpositionFormat) {
        hold(String(validating: page, as: UTF8.self) != nil, "a page is not UTF-8")
        var announced: Set<ArraySlice<UInt8>> = []
        var lines = page.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        hold(lines.popLast()?.isEmpty == true, "a page does not end with a newline")
        if format == .openMetrics { hold(lines.popLast().map { Array($0) } == Array("# EOF".utf8), "a page has no end") }
        for line in lines {
            hold(!line.isEmpty, "a page has an empty line")
            guard line.starts(with: "# TYPE ".utf8) else { continue }
            let name = line.dropFirst("# TYPE ".utf8.count).prefix { $0 != UInt8(ascii: " ") }
            hold(announced.insert(name).inserted, "\(String(decoding: name, as: UTF8.self)) is announced twice")
        }
    }
}
