import PostgresTestSupport
import TimeSupport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An answer as curl shows it.
struct HTTPAnswer {
    let status: Int
    let headers: [String: String]
    let body: String
    /// What curl measured, less what this busy machine was late by.
    let seconds: Double
}

/// Requests by the real curl.
enum HTTP {
    static func get(_ url: String, _ options: [String] = [], timeout: Duration = .seconds(20)) async throws -> HTTPAnswer {
        let marker = "\u{1}curl:"
        let watch = Stopwatch()
        let outcome = try await ChildProcess.run(
            "curl",
            ["--silent", "--show-error", "--include", "--max-time", "15", "--write-out", marker + "%{http_code} %{time_total}"] + options + [url],
            timeout: timeout
        )
        let late = watch.late / .seconds(1)
        guard outcome.status == .code(0), let end = outcome.output.firstRange(of: marker) else {
            throw SupportFailure("curl \(url): \(outcome.status) \(outcome.errors)")
        }
        let figures = outcome.output[end.upperBound...].split(separator: " ")
        let answer = outcome.output[..<end.lowerBound]
        guard figures.count == 2, let status = Int(figures[0]), let seconds = Double(figures[1]), let border = answer.firstRange(of: "\r\n\r\n")
        else {
            throw SupportFailure("curl \(url): not understood: \(outcome.output)")
        }
        var headers: [String: String] = [:]
        for line in answer[..<border.lowerBound].split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        return HTTPAnswer(status: status, headers: headers, body: String(answer[border.upperBound...]), seconds: max(0, seconds - late))
    }

    /// Sends bytes and reads until the server closes the connection, as clients of HTTP/1.0 do.
    static func raw(_ request: String, to port: Int) async throws -> String {
        guard let connection = Loopback.connect(to: port) else { throw SupportFailure("no connection to \(port)") }
        defer { close(connection) }
        guard request.withCString({ send(connection, $0, strlen($0), 0) }) == request.utf8.count else { throw SupportFailure("cannot send") }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var descriptor = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 5_000) == 1 else { throw SupportFailure("not closed: \(String(decoding: answer, as: UTF8.self))") }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += buffer.prefix(count)
        }
    }
}
