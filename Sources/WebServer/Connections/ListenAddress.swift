#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where to listen, as other exporters write it: `:10195`, `127.0.0.1:10195`, `[::1]:10195`; and `unix:/path`.
package enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A host of nil: all interfaces. A port of 0: a free one.
    case tcp(host: String?, port: Int)
    /// A socket in the file system.
    case unix(path: String)

    /// A path that fits into a socket's address.
    private static let longestPath = 100

    /// - Returns: nil when the text is neither `[host]:port` nor `unix:/path`.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), path != "/", path.utf8.count <= Self.longestPath, !path.utf8.contains(0) else { return nil }
            self = .unix(path: path)
            return
        }
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
        self = .tcp(host: host.isEmpty ? nil : String(host), port: Int(port))
    }

    package var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(nil, let port): ":\(port)"
        case .tcp(let host?, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    /// The host to bind: for all interfaces the IPv6 one, which takes IPv4 too, unless the system has no IPv6.
    static func bindHost(_ host: String?) -> String {
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
