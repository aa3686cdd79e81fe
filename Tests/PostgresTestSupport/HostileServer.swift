import Foundation

/// A server that misbehaves as asked: `testbed/hostile/server.py`, which says what it can do. Ends at the latest with this process.
package final class HostileServer: Sendable {
    /// Where it listens, on 127.0.0.1.
    package let port: Int
    /// Leads to it without encryption. It asks for the password `secret`, if for any.
    package let conninfo: String
    private let process: ChildProcess

    /// Starts it and waits until it listens. Each mode is `STAGE:MISDEED`, e.g. `hello:copy-out` or `3:rows`; without any it is honest.
    package init(_ modes: [String] = [], options: [String] = []) async throws {
        let program = URL(filePath: #filePath).resolvingSymlinksInPath().appending(path: "../../../testbed/hostile/server.py").standardized.path()
        let process = try ChildProcess("/usr/bin/env", ["python3", "-B", program] + options + modes)
        self.process = process
        port = try await poll("the hostile server listens") {
            guard process.isRunning else { throw SupportFailure(process.output) }
            return Int(process.output.split(separator: "\n").first?.dropFirst("port ".count) ?? "") ?? 0
        } until: {
            $0 > 0
        }
        conninfo = "host=127.0.0.1 port=\(port) user=monitor password=secret dbname=postgres gssencmode=disable"
    }

    /// With the option `--record`: the messages that clients have sent after saying who they are, each with its kind, once a client has left.
    package func taken() async throws -> [(kind: Character, body: [UInt8])] {
        let lines = try await poll("the client has left") {
            process.output.split(separator: "\n").dropFirst()
        } until: {
            $0.contains("gone")
        }
        return lines.filter { $0.hasPrefix("took ") }.map { line in
            let digits = Array(line.dropFirst("took x ".count))
            let body = stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
            return (line.dropFirst("took ".count).first ?? " ", body)
        }
    }

    /// Ends it.
    package func stop() async {
        await process.terminate()
    }
}
