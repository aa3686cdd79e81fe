import PostgresTestSupport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A named pipe that is full, and whose reader does not read: what `2>&1 | sleep 1000` becomes.
final class StuckReader: Sendable {
    let path: String
    private let descriptor: Int32

    init() throws {
        path = TemporaryRoot.uniquePath("log") + ".fifo"
        guard mkfifo(path, 0o600) == 0 else { throw SupportFailure("mkfifo \(path): \(errno)") }
        // With both ends open here, a writer does not hear that nobody reads.
        descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw SupportFailure("open \(path): \(errno)") }
        let filling = [UInt8](repeating: UInt8(ascii: "\n"), count: 4096)
        while write(descriptor, filling, filling.count) > 0 {}
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// Reads all that is there by now.
    func read() -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = systemRead(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += buffer.prefix(count)
        }
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    #if canImport(Darwin)
        Darwin.read(descriptor, buffer, count)
    #else
        Glibc.read(descriptor, buffer, count)
    #endif
}
