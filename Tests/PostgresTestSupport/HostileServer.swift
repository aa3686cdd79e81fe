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

    /// Ends it.
    package func stop() async {
        await process.terminate()
    }
}
