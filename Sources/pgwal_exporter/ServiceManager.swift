import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What systemd is told of this process, in datagrams to the socket that it names: sd_notify's protocol, without its library.
///
/// Nothing here waits, and nothing fails: a message that cannot be sent is lost, and the process goes on.
final class ServiceManager: Sendable {
    private struct State {
        /// Only then does systemd take words of reloads.
        var isReady = false
        var isStopping = false
        var status = ""
        var answeredAt: ContinuousClock.Instant?
    }

    private let socket: Int32
    private let path: String
    /// How often it wants to hear that the loops turn; nil: never.
    private let watchdogInterval: Duration?
    private let state = Mutex(State())

    /// Takes the variables that tell of it, once: they are removed, so that no child process speaks for this one.
    /// - Returns: nil when no manager wants to hear anything.
    init?() {
        let path = getenv("NOTIFY_SOCKET").map { String(cString: $0) } ?? ""
        let interval = getenv("WATCHDOG_USEC").flatMap { Int64(String(cString: $0)) }
        let watched = getenv("WATCHDOG_PID").flatMap { pid_t(String(cString: $0)) }
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
        // A path, or with @ for its NUL a name in the abstract namespace.
        guard path.first == "/" || path.first == "@", path.utf8.count > 1, path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        socket = Self.datagramSocket()
        guard socket >= 0 else { return nil }
        self.path = path
        watchdogInterval = (watched ?? getpid()) == getpid() ? interval.flatMap { $0 > 0 ? .microseconds($0) : nil } : nil
    }

    deinit { close(socket) }

    /// The first page can be served.
    func ready() {
        state.withLock { $0.isReady = true }
        send("READY=1")
    }

    /// A reload begins; `reloaded` ends it.
    func reloading() {
        guard state.withLock({ $0.isReady && !$0.isStopping }) else { return }
        send("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds())")
    }

    func reloaded() {
        guard state.withLock({ $0.isReady && !$0.isStopping }) else { return }
        send("READY=1")
    }

    func stopping() {
        state.withLock { $0.isStopping = true }
        send("STOPPING=1\nSTATUS=stopping")
    }

    /// To be called about once a second: says what has changed, and that the loops turn, unless they do not.
    /// - Parameters:
    ///   - status: one line for people.
    ///   - isTurning: whether all loops turn. Else systemd hears nothing, and ends the process when it has waited long enough.
    func look(at now: ContinuousClock.Instant, status: String, isTurning: Bool) {
        var message: [String] = []
        state.withLock { state in
            if status != state.status, !state.isStopping {
                state.status = status
                message.append("STATUS=\(status)")
            }
            // A third of what it waits for: one that is late or lost is no end.
            if isTurning, let watchdogInterval, state.answeredAt.map({ now - $0 >= watchdogInterval / 3 }) ?? true {
                state.answeredAt = now
                message.append("WATCHDOG=1")
            }
        }
        if !message.isEmpty { send(message.joined(separator: "\n")) }
    }

    private func send(_ message: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            place.copyBytes(from: bytes)
            if bytes[0] == UInt8(ascii: "@") { place[0] = 0 }
        }
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path)! + bytes.count)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                message.withCString { _ = sendto(socket, $0, strlen($0), Int32(MSG_DONTWAIT) | Self.noSignal, address, length) }
            }
        }
    }

    private static func monotonicMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    #if canImport(Darwin)
        private static let noSignal: Int32 = 0

        private static func datagramSocket() -> Int32 { Darwin.socket(AF_UNIX, SOCK_DGRAM, 0) }
    #else
        private static let noSignal = Int32(MSG_NOSIGNAL)

        private static func datagramSocket() -> Int32 { Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }
    #endif
}
