#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Output straight to a file descriptor: the C globals `stdout` and `stderr` are shared mutable state.
///
/// It waits for the reader, so it is for commands that end when they have said what they were asked for. What serves logs instead.
enum StandardError {
    static func write(_ text: String) {
        StandardOutput.write(Array(text.utf8), to: STDERR_FILENO)
    }
}

enum StandardOutput {
    static func write(_ text: String) {
        write(Array(text.utf8), to: STDOUT_FILENO)
    }

    /// Writes all of it, also to a descriptor that does not block by itself.
    /// - Returns: false when the reader has gone or nothing more can be written.
    @discardableResult
    static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = UnsafeRawBufferPointer(rebasing: buffer[...])
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = systemWrite(descriptor, base, rest.count)
                if count < 0 {
                    switch errno {
                    case EINTR: break
                    case EAGAIN: waitUntilWritable(descriptor)
                    default: return false
                    }
                    continue
                }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
            return true
        }
    }

    private static func waitUntilWritable(_ descriptor: Int32) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&entry, 1, -1)
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Darwin)
        Darwin.write(descriptor, bytes, count)
    #else
        Glibc.write(descriptor, bytes, count)
    #endif
}
