import PostgresTestSupport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The service manager's end of sd_notify: keeps what it is told.
final class NotifySocket {
    let path = TemporaryRoot.uniquePath("notify") + ".sock"
    private let descriptor: Int32
    private(set) var messages: [String] = []

    init() throws {
        #if canImport(Darwin)
            descriptor = socket(AF_UNIX, SOCK_DGRAM, 0)
        #else
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        #endif
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw SupportFailure("\(path) is too long") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard bound == 0 else { throw SupportFailure("cannot bind \(path)") }
    }

    deinit { close(descriptor) }

    /// Takes what has come since.
    func read() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return }
            messages.append(String(decoding: buffer.prefix(count), as: UTF8.self))
        }
    }

    /// The lines of all messages, but for those that come again and again.
    var story: [String] {
        messages.flatMap { $0.split(separator: "\n").map(String.init) }.filter { $0 != "WATCHDOG=1" }
            .map { $0.hasPrefix("MONOTONIC_USEC=") ? "MONOTONIC_USEC" : $0 }
    }

    var watchdogCount: Int { messages.count { $0.contains("WATCHDOG=1") } }
}
