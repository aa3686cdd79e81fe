import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Lets libpq read just these bytes of a socket, and no other ones that may have arrived meanwhile: for one step, its descriptor leads to us, who
/// hand it the bytes, and pass on to the server what it answers.
struct SocketDetour {
    private let descriptor: Int32
    private let server: Int32
    private let ours: Int32
    /// What the descriptor leads to meanwhile.
    private let detour: SocketIdentity?

    /// Begins a detour for libpq's descriptor.
    private init(of descriptor: Int32) throws(PostgresError) {
        self.descriptor = descriptor
        var pair: (Int32, Int32) = (-1, -1)
        let isMade = withUnsafeMutableBytes(of: &pair) { pgwal_make_pair($0.baseAddress?.assumingMemoryBound(to: Int32.self)) } == 0
        guard isMade else { throw Self.noDescriptor }
        ours = pair.1
        detour = SocketIdentity(of: pair.0)
        server = pgwal_duplicate(descriptor)
        let isRedirected = server >= 0 && pgwal_redirect(descriptor, pair.0) >= 0
        close(pair.0)
        guard isRedirected else {
            let failure = Self.noDescriptor
            close(ours)
            if server >= 0 { close(server) }
            throw failure
        }
    }

    /// Does a step of libpq's that reads just these bytes.
    ///
    /// - Parameter deadline: until then, the server must have taken what libpq answers.
    static func step(
        of connection: OpaquePointer,
        reading bytes: some Collection<UInt8>,
        until deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> PostgresPollingStatusType {
        let detour = try SocketDetour(of: PQsocket(connection))
        defer { detour.end() }
        // Much less than what the kernel keeps for a pair, so that it takes all at once.
        guard Array(bytes).withUnsafeBytes({ send(detour.ours, $0.baseAddress, $0.count, Self.sending) }) == bytes.count else {
            throw Self.noDescriptor
        }
        let state = PQconnectPoll(connection)
        try detour.passOn(until: deadline)
        return state
    }

    /// Passes on to the server what libpq has sent.
    private func passOn(until deadline: ContinuousClock.Instant) throws(PostgresError) {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let length = buffer.withUnsafeMutableBytes { recv(ours, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
            guard length > 0 else { return }
            var rest = buffer[..<length]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes { send(server, $0.baseAddress, $0.count, Self.sending) }
                // A server that has gone is libpq's to notice.
                guard sent >= 0 || errno == EAGAIN || errno == EINTR else { return }
                rest = rest.dropFirst(max(0, sent))
                guard !rest.isEmpty else { break }
                guard deadline > .now else { throw PostgresError(.deadlinePassed, during: "connecting") }
                var entry = pollfd(fd: server, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, 100)
            }
        }
    }

    /// Leads the descriptor back to the server, unless libpq has closed it: then its number may be another's by now.
    private func end() {
        if detour != nil, SocketIdentity(of: descriptor) == detour { _ = pgwal_redirect(descriptor, server) }
        close(server)
        close(ours)
    }

    private static let sending = Int32(MSG_DONTWAIT) | noSignal

    #if canImport(Darwin)
        /// A pair of ours does not break, and the program ignores SIGPIPE.
        private static let noSignal: Int32 = 0
    #else
        private static let noSignal = Int32(MSG_NOSIGNAL)
    #endif

    private static var noDescriptor: PostgresError {
        PostgresError(.outOfResources, "no descriptor is free to connect with: \(String(cString: strerror(errno)))")
    }
}

/// Tells sockets apart, whose descriptors may have the same number one after the other.
struct SocketIdentity: Equatable {
    private let device: Int
    private let number: UInt64

    /// nil for a descriptor that is none.
    init?(of descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        device = Int(status.st_dev)
        number = UInt64(status.st_ino)
    }
}
