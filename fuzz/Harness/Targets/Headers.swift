import Checks
import Exposition
@testable import SingleFiles

/// What a client sends. The lines are: `Accept`, `Accept-Encoding`, `X-Prometheus-Scrape-Timeout-Seconds`, an address to listen on, `max_lag`.
@Sendable func fuzzHeaders(_ input: Input) {
    let lines = input.lines + ["", "", "", "", ""]
    checkAccept(lines[0])
    checkEncoding(lines[1])
    checkTimeout(lines[2])
    checkAddress(lines[3])
    checkLagLimit(lines[4])
}

private func checkAccept(_ header: String) {
    let format = ContentNegotiation.format(accept: header)
    hold(format == .prometheusText || names("openmetrics", header) || header.contains("*"), "OpenMetrics for who does not ask: \(header)")
    hold(ContentNegotiation.format(accept: ", ," + header) == format, "empty elements mean nothing: \(header)")
    hold(ContentNegotiation.format(accept: "image/png;q=0.7," + header) == format, "a type that nobody serves means nothing: \(header)")
    // Within a quoted text case counts.
    if !header.contains("\"") { hold(ContentNegotiation.format(accept: uppercased(header)) == format, "case means nothing: \(header)") }
}

private func checkEncoding(_ header: String) {
    let isAccepted = ContentNegotiation.acceptsGzip(acceptEncoding: header)
    hold(!isAccepted || names("gzip", header) || header.contains("*"), "gzip for who does not ask: \(header)")
    hold(ContentNegotiation.acceptsGzip(acceptEncoding: "br;q=0.1," + header) == isAccepted, "another coding means nothing: \(header)")
}

private func names(_ word: String, _ header: String) -> Bool {
    header.utf8.count >= word.utf8.count && header.lowercased().contains(word)
}

/// Of ASCII alone: a case mapping may make several characters of one.
private func uppercased(_ header: String) -> String {
    String(decoding: header.utf8.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
}

private func checkTimeout(_ header: String) {
    for (limit, offset) in [(5000, 500), (1, 500), (5000, 0)] {
        let deadline = ScrapeDeadline(limit: .milliseconds(limit), offset: .milliseconds(offset))
        guard let duration = deadline.duration(header: header) else { continue }
        hold(duration >= .zero && duration <= deadline.longest, "\(header) makes \(duration)")
    }
}

private func checkAddress(_ text: String) {
    guard let address = ListenAddress(text) else { return }
    if case .tcp(_, let port) = address { hold((0...65_535).contains(port), "no port: \(port)") }
    hold(ListenAddress(address.description) == address, "\(address) reads back as something else")
}

private func checkLagLimit(_ text: String) {
    switch LagLimit(text[...])?.quantity {
    case .seconds(let seconds)?: hold(seconds >= 0 && seconds.isFinite, "\(text) is \(seconds) s")
    case .bytes(let bytes)?: hold(bytes >= 0, "\(text) is \(bytes) bytes")
    case nil: break
    }
}
