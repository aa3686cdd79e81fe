import Foundation
import PostgresTestSupport

/// Where the exporter listens, as `--web.listen-address` takes it: `:10195`, `127.0.0.1:10195`, `[::1]:10195`.
struct ListenAddress {
    let text: String
    let port: Int
    private let host: String

    init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port) else {
            throw SupportFailure("PGWAL_DEMO_LISTEN=\(text): it must be [HOST]:PORT, such as :10195")
        }
        self.text = text
        self.port = port
        host = String(text[..<colon])
    }

    /// What to put before a path to reach the exporter from here.
    var url: String {
        "http://\(["", "0.0.0.0", "[::]"].contains(host) ? "localhost" : host):\(port)"
    }

    /// Fails when somebody listens there already.
    func requireFree() throws {
        guard HTTPProbe.canConnect(port: port) else { return }
        throw SupportFailure(
            "port \(port) is taken (another exporter, or another demo?). Stop that, or choose another: PGWAL_DEMO_LISTEN=:10196 make demo"
        )
    }
}
