#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Looks up names of hosts. May block for as long as the system's resolver does.
enum NameLookup {
    /// All numeric addresses of a host, in the system's order, none twice; of one that is an address, that one.
    /// - Throws: `connectionFailed` when there is none.
    static func addresses(of host: String) throws(PostgresError) -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Darwin)
            hints.ai_socktype = SOCK_STREAM
        #else
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0 else {
            throw PostgresError(.connectionFailed, "could not translate host name \"\(host)\" to address: \(String(cString: gai_strerror(code)))")
        }
        var addresses: [String] = []
        var next = list
        while let entry = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = entry.pointee.ai_addrlen
            if getnameinfo(entry.pointee.ai_addr, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 {
                let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if !addresses.contains(address) { addresses.append(address) }
            }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw PostgresError(.connectionFailed, "host name \"\(host)\" has no address") }
        return addresses
    }
}
