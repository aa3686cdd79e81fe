#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where to listen, as other exporters write it: `:10195`, `127.0.0.1:10195`, `[::1]:10195`.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// nil: all interfaces.
    package let host: String?
    /// 0: a free one.
    package let port: Int

    /// - Returns: nil when the text is not `[host]:port`.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard let port = UInt16(digits), digits.allSatisfy(\.isASCII), digits.allSatisfy(\.isNumber) else { return nil }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.contains("["), !host.contains("]") else { return nil }
        self.host = host.isEmpty ? nil : String(host)
        self.port = Int(port)
    }

    package var description: String {
        guard let host else { return ":\(port)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The address to bind: for all interfaces the IPv6 one, which takes IPv4 too, unless the system has no IPv6.
    var bindHost: String {
        if let host { return host }
        let probe = socket(AF_INET6, streamSocket, 0)
        guard probe >= 0 else { return "0.0.0.0" }
        close(probe)
        return "::"
    }
}

#if canImport(Darwin)
    private let streamSocket = SOCK_STREAM
#else
    private let streamSocket = Int32(SOCK_STREAM.rawValue)
#endif
