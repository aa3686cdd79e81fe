package import Exposition

/// What holds of every page beside its grammar.
package enum PageCheck {
    /// Ends the process where it does not.
    package static func check(_ page: [UInt8], _ format: ExpositionFormat) {
        hold(String(validating: page, as: UTF8.self) != nil, "a page is not UTF-8")
        hold(page.last == UInt8(ascii: "\n"), "a page does not end with a newline")
        var announced: Set<ArraySlice<UInt8>> = []
        var lines = page.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if format == .openMetrics { hold(lines.popLast().map { Array($0) } == Array("# EOF".utf8), "a page has no end") }
        for line in lines {
            hold(!line.isEmpty, "a page has an empty line")
            guard line.starts(with: "# TYPE ".utf8) else { continue }
            let name = line.dropFirst("# TYPE ".utf8.count).prefix { $0 != UInt8(ascii: " ") }
            hold(announced.insert(name).inserted, "\(String(decoding: name, as: UTF8.self)) is announced twice")
        }
    }

    /// The same, and that the page can be read, has no series twice, and no NaN.
    package static func checkSeries(_ page: [UInt8], _ format: ExpositionFormat) {
        guard !page.isEmpty else { return }
        check(page, format)
        do {
            for (series, value) in try ReferenceParser.parse(page) { hold(!value.isNaN, "\(series) is not a number") }
        } catch {
            fatalError("not a page: \(error)")
        }
    }
}
