import Foundation
import PostgresTestSupport

/// Asks the exporter on this machine whether it is ready. A few lines of sockets spare the demo an HTTP library.
enum HTTPProbe {
    static func canConnect(port: Int) -> Bool {
        guard let descriptor = Loopback.connect(to: port) else { return false }
        close(descriptor)
        return true
    }

    /// The status of `GET path`, or nil when there was no answer within two seconds.
    static func status(port: Int, path: String) -> Int? {
        guard let descriptor = Loopback.connect(to: port) else { return nil }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nConnection: close\r\n\r\n".utf8)
        guard write(descriptor, request, request.count) == request.count else { return nil }

        // Read to the end, or the exporter would see its answer refused.
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while answer.count < 65_536 {
            let count = read(descriptor, &buffer, buffer.count)
            if count <= 0 { break }
            answer += buffer.prefix(count)
        }
        // "HTTP/1.1 200 OK"
        let words = String(decoding: answer.prefix(64), as: UTF8.self).split(separator: " ")
        return words.count > 1 ? Int(words[1]) : nil
    }
}
