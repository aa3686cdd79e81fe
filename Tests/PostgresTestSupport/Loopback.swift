import Foundation

/// TCP on 127.0.0.1: the few calls that the harness and the demo need.
package enum Loopback {
    #if canImport(Glibc)
        static let stream = Int32(SOCK_STREAM.rawValue)
        static let datagram = Int32(SOCK_DGRAM.rawValue)
    #else
        static let stream = SOCK_STREAM
        static let datagram = SOCK_DGRAM
    #endif

    /// A connection to a port, or nil when nobody listens there.
    package static func connect(to port: Int) -> Int32? {
        guard let descriptor = makeSocket(stream) else { return nil }
        let done = withAddress(port) { Foundation.connect(descriptor, $0, $1) == 0 }
        return done ? descriptor : abandoned(descriptor)
    }

    static func listener(on port: Int) -> Int32? {
        guard let descriptor = bound(stream, to: port) else { return nil }
        return listen(descriptor, 64) == 0 ? descriptor : abandoned(descriptor)
    }

    static func bound(_ type: Int32, to port: Int) -> Int32? {
        guard let descriptor = makeSocket(type) else { return nil }
        // PostgreSQL sets this too: a connection in TIME_WAIT does not keep the port. For UDP it would let two have it.
        if type == stream { set(SO_REUSEADDR, of: descriptor, at: SOL_SOCKET) }
        return withAddress(port) { bind(descriptor, $0, $1) == 0 } ? descriptor : abandoned(descriptor)
    }

    static func set(_ option: Int32, of descriptor: Int32, at level: Int32) {
        var yes: Int32 = 1
        setsockopt(descriptor, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func makeSocket(_ type: Int32) -> Int32? {
        let descriptor = socket(AF_INET, type, 0)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    private static func abandoned(_ descriptor: Int32) -> Int32? {
        close(descriptor)
        return nil
    }

    private static func withAddress<Result>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
