import NIOCore
import NIOPosix
import PostgresTestSupport
import Synchronization
import Testing
import TimeSupport

@testable import WebServer

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Clients that are slow, greedy or not quite HTTP.
struct ConnectionTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// What comes back for these bytes until the server closes, or nothing has come for a while.
    private static func talk(_ bytes: String, to server: HelloServer, silence: Duration = .milliseconds(1500)) async throws -> (
        text: String, isClosed: Bool
    ) {
        let client = try RawClient(to: server.port)
        defer { client.close() }
        client.send(bytes)
        return try await client.receive(silence: silence)
    }

    private static let refusals: [(String, String)] = [
        ("GET / HTTP/1.1\r\n\r\n", "400"), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400"), ("nonsense\r\n\r\n", "400"), ("GET / HTTP/1.1\r\nHost a\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", "413"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n", "400"),
    ]

    @Test("What is not a proper request is told so, with the headers that all answers have, and the connection ends", arguments: refusals)
    func refused(request: String, status: String) async throws {
        try await HelloServer.run(nil) { server in
            let answer = try await Self.talk(request, to: server, silence: .seconds(5))
            #expect(answer.text.hasPrefix("HTTP/1.1 \(status) "), "\(answer.text)")
            #expect(answer.isClosed)
            for header in ["X-Content-Type-Options: nosniff", "Cache-Control: no-store", "Content-Security-Policy: "] {
                #expect(answer.text.contains(header))
            }
        }
    }

    @Test("HTTP/1.0 is answered without a Host, and closed; so is a request that asks for it, however it writes it")
    func closing() async throws {
        try await HelloServer.run(nil) { server in
            for request in ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n"] {
                let answer = try await Self.talk(request, to: server, silence: .seconds(5))
                #expect(answer.text.hasSuffix("Hello World!") && answer.isClosed, "\(answer)")
            }
        }
    }

    @Test("Requests that come all at once are all answered, in their order and with bodies between them")
    func pipelining() async throws {
        try await HelloServer.run(nil) { server in
            let slow = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
            let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nab\r\n\r\ncd"
            let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            let all = slow + String(repeating: Self.get, count: 100) + post + chunked + Self.get + "GET /none HTTP/1.1\r\nHost: a\r\n\r\n"
            let client = try RawClient(to: server.port)
            defer { client.close() }
            client.send(all)
            let answer = try await client.receive(silence: .seconds(3))
            #expect(answer.text.split(separator: "HTTP/1.1 200 OK").count == 104)
            #expect(answer.text.split(separator: "HTTP/1.1 404 ").count == 2)
            #expect(!answer.isClosed)
        }
    }

    @Test("Bytes that come one by one are a request like any other, and half-closed clients get their answer")
    func drops() async throws {
        try await HelloServer.run(nil) { server in
            let client = try RawClient(to: server.port)
            defer { client.close() }
            for byte in Self.get {
                client.send(String(byte))
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await client.receive(until: "Hello World!"))
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get)
            client.endInput()
            let answer = try await client.receive(silence: .seconds(3))
            #expect(answer.text.split(separator: "HTTP/1.1 200 OK").count == 2 && answer.isClosed, "\(answer)")
        }
    }

    private static var impatient: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.header = .milliseconds(500)
        limits.body = .milliseconds(500)
        limits.answer = .milliseconds(1000)
        limits.idle = .seconds(3)
        return limits
    }

    @Test("A header that does not come, a body that does not, and silence end in time; a request that is being answered does not")
    func time() async throws {
        try await HelloServer.run(nil, limits: Self.impatient) { server in
            for beginning in ["", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"] {
                let answer = try await Self.talk(beginning, to: server, silence: .seconds(5))
                #expect(answer.isClosed, "\(beginning)")
            }
            // Drops of a header do not buy time.
            let client = try RawClient(to: server.port)
            defer { client.close() }
            client.send("GET / HTTP/1.1\r\nHost: a\r\n")
            let watch = Stopwatch()
            while watch.elapsed < .seconds(5), client.send("X: y\r\n") { try await Task.sleep(for: .milliseconds(50)) }
            #expect(watch.elapsed < .milliseconds(4500))
            let kept = try RawClient(to: server.port)
            defer { kept.close() }
            kept.send(Self.get)
            #expect(try await kept.receive(until: "Hello World!"))
            kept.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await kept.receive(until: "Hello World!"))
            #expect(try await kept.receive(silence: .seconds(20)).isClosed, "silence")
        }
    }

    @Test("Who does not take his answer is let go")
    func stall() async throws {
        try await HelloServer.run(nil, limits: Self.impatient) { server in
            let client = try RawClient(to: server.port)
            defer { client.close() }
            client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            try await Task.sleep(for: .milliseconds(2500))
            let answer = try await client.receive(silence: .seconds(5))
            #expect(answer.isClosed && answer.text.utf8.count < 12_000_000)
        }
    }

    @Test("When all places are taken, the one that has been longest without a request is given away")
    func reserve() async throws {
        try await HelloServer.run(nil, maximumConnections: 4) { server in
            let idle = try (0..<4).map { _ in try RawClient(to: server.port) }
            defer { for client in idle { client.close() } }
            try await Task.sleep(for: .milliseconds(200))
            idle[0].send(Self.get)
            #expect(try await idle[0].receive(until: "Hello World!"))
            #expect(try await Self.talk(Self.get, to: server).text.hasSuffix("Hello World!"))
            var closed: [Bool] = []
            for client in idle { closed.append(try await client.receive(silence: .seconds(1)).isClosed) }
            #expect(!closed[0] && closed.count { $0 } == 1, "\(closed)")
        }
    }

    @Test("The registry prefers those for whom nothing is being done")
    func victims() {
        let closed = Closed()
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let registry = ConnectionRegistry(limit: 2)
        let first = registry.add(at: .uptimeNanoseconds(1)) { closed.note(1) }
        let second = registry.add(at: .uptimeNanoseconds(2)) { closed.note(2) }
        registry.noteRequest(first)
        let third = registry.add(at: .uptimeNanoseconds(3)) { closed.note(3) }
        #expect(closed.numbers == [2])
        registry.remove(second, on: loop)
        registry.noteAnswer(first, at: .uptimeNanoseconds(4))
        _ = registry.add(at: .uptimeNanoseconds(5)) { closed.note(4) }
        #expect(closed.numbers == [2, 3])
        registry.remove(third, on: loop)
        #expect(registry.count == 2)
    }

    @Test("When a crowd has gone it is told once, and of a few nothing is told")
    func crowd() async throws {
        let told = Closed()
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let registry = ConnectionRegistry(limit: 100) { told.note(0) }
        for number in (0..<20).map({ _ in registry.add {} }) { registry.remove(number, on: loop) }
        let crowd = (0..<40).map { _ in registry.add {} }
        for number in crowd { registry.remove(number, on: loop) }
        try await Task.sleep(for: .milliseconds(1500))
        #expect(told.numbers == [0])
    }

    @Test("Long headers cost little")
    func longHeader() {
        let line = ByteBuffer(string: String(repeating: "x", count: 30_000) + "\r\n\r\n")
        let took = processorTime {
            for _ in 0..<500 {
                var end = HeaderEnd()
                let length = line.withUnsafeReadableBytes { end.length(in: $0) }
                #expect(length == 30_004)
            }
        }
        #expect(took < .seconds(1))
    }

    @Test("An empty line ends a header, wherever the reads are cut")
    func headerEnd() {
        let bytes = Array("a\r\nb\r\n\r\nGET x\r\n".utf8)
        for cut in 0...bytes.count {
            var end = HeaderEnd()
            var ends: [Int] = []
            var position = 0
            for part in [bytes[..<cut], bytes[cut...]] {
                var rest = ByteBuffer(bytes: part)
                while rest.readableBytes > 0 {
                    let length = rest.withUnsafeReadableBytes { end.length(in: $0) }
                    rest.moveReaderIndex(forwardBy: length)
                    position += length
                    ends.append(position)
                }
            }
            #expect(Set(ends) == Set([8, cut, bytes.count].filter { $0 > 0 }), "\(cut)")
        }
    }
}

private final class Closed: Sendable {
    private let all = Mutex<[Int]>([])
    var numbers: [Int] { all.withLock { $0 } }
    func note(_ number: Int) { all.withLock { $0.append(number) } }
}

/// A client that sends what it is told, and reads when it is told.
struct RawClient: Sendable {
    private let descriptor: Int32

    init(to port: Int) throws {
        guard let descriptor = Loopback.connect(to: port) else { throw SupportFailure("no connection to \(port)") }
        self.descriptor = descriptor
    }

    /// - Returns: false when the connection is gone.
    @discardableResult
    func send(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemSend(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

    func close() { systemClose(descriptor) }

    /// Whether what is received comes to end like that, on an open connection.
    func receive(until end: String, within limit: Duration = .seconds(20)) async throws -> Bool {
        var text = ""
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let more = try await receive(silence: .milliseconds(20))
            text += more.text
            if text.hasSuffix(end) { return true }
            if more.isClosed { return false }
        }
        return false
    }

    /// Reads until the end, or until nothing has come for a while.
    func receive(silence: Duration) async throws -> (text: String, isClosed: Bool) {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var last = ContinuousClock.now
        while ContinuousClock.now - last < silence {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                text += buffer.prefix(count)
                last = .now
            } else if count == 0 || errno != EAGAIN {
                return (String(decoding: text, as: UTF8.self), true)
            } else {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        return (String(decoding: text, as: UTF8.self), false)
    }
}

private func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
        Darwin.send(descriptor, bytes, count, 0)
    #else
        Glibc.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
    #endif
}

private func systemClose(_ descriptor: Int32) {
    #if canImport(Darwin)
        Darwin.close(descriptor)
    #else
        Glibc.close(descriptor)
    #endif
}
