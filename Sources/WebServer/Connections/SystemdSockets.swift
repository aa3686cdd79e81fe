#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Listening sockets that systemd hands to a process that it starts.
package enum SystemdSockets {
    /// Why there are none.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// systemd's first descriptor.
    private static let first: Int32 = 3

    /// Takes them, once: the variables that tell of them are removed, so that no child process takes them again.
    /// - Parameter environment: the process's own, by default.
    package static func take() throws(Failure) -> [Int32] {
        defer { for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"] { unsetenv(name) } }
        let missing = Failure(description: "no socket activation file descriptors found: is this process started by a systemd socket unit?")
        guard let process = getenv("LISTEN_PID").flatMap({ Int32(String(cString: $0)) }), process == getpid(),
            let count = getenv("LISTEN_FDS").flatMap({ Int32(String(cString: $0)) }), count > 0, count <= 1000
        else { throw missing }
        let descriptors = Array(first..<(first + count))
        for descriptor in descriptors {
            guard isListening(descriptor) else {
                throw Failure(description: "descriptor \(descriptor) from systemd does not listen: a socket unit with ListenStream= is needed")
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        return descriptors
    }

    private static func isListening(_ descriptor: Int32) -> Bool {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 && isListening != 0
    }
}
