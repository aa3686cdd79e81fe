import MetricsServer
import NIOCore
import NIOPosix
import RESTClient
import Terminal

/// Why a running exporter told nothing.
struct RemoteProblem: Error, CustomStringConvertible {
    let description: String
}

/// Asks a running exporter.
struct RemoteExporter: Sendable {
    let url: String
    let client: RESTClient
    let group: MultiThreadedEventLoopGroup
    let timeout: Duration

    /// A page of 500 targets' topology takes some megabytes.
    private static let mostBytes = 64 << 20

    /// The body of the answer.
    func answer(to path: String, _ parameters: [(String, String?)] = []) throws(RemoteProblem) -> [UInt8] {
        let address = url + path + RESTQuery.text(parameters.map { (name: $0.0, value: $0.1) })
        let (client, deadline) = (client, ContinuousClock.now + timeout)
        do {
            return try group.any().makeFutureWithTask { try await client.body(of: address, limit: Self.mostBytes, until: deadline) }.wait()
        } catch {
            throw RemoteProblem(description: "\(TerminalStyle.safe(url)): \(RESTFailure(error))")
        }
    }

    /// The answer as it is, and a newline. Ends the process where there is none.
    func json(_ path: String, _ parameters: [(String, String?)] = []) -> [UInt8] {
        Self.lineOfJSON(answerOrEnd(path, parameters))
    }

    /// JSON has no control characters of its own: any that is there is another process's, and must not reach a terminal.
    static func lineOfJSON(_ bytes: [UInt8]) -> [UInt8] {
        Array(TerminalStyle.safe(screen: String(decoding: bytes, as: UTF8.self), allowingColour: false).utf8) + [UInt8(ascii: "\n")]
    }

    /// A screen of text, and the status that goes with it. Ends the process where there is none.
    func screen(_ path: String, _ parameters: [(String, String?)] = [], style: TerminalStyle) -> (text: String, status: Int32) {
        let looks = [("width", style.width.map { String(min($0, 1000)) }), ("colour", style.hasColour ? "true" : nil)]
        guard let document = ScreenDocument.read(answerOrEnd(path, parameters + looks)) else {
            end("the answer is none of \(path)")
        }
        return (TerminalStyle.safe(screen: document.text, allowingColour: style.hasColour), document.status == 0 ? 0 : 1)
    }

    func answerOrEnd(_ path: String, _ parameters: [(String, String?)]) -> [UInt8] {
        do throws(RemoteProblem) {
            return try answer(to: path, parameters)
        } catch {
            StandardError.write("pgwal_exporter: \(error)\n")
            ProcessEnd.now(1)
        }
    }

    func end(_ problem: String) -> Never {
        StandardError.write("pgwal_exporter: \(TerminalStyle.safe(url)): \(problem)\n")
        ProcessEnd.now(1)
    }
}
