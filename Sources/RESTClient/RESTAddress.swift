import NIOCore

/// Where a REST interface is asked, out of the text of a URL.
package struct RESTAddress: Hashable, Sendable {
    package var isTLS: Bool
    /// A name or an address, without the brackets of IPv6.
    package var host: String
    package var port: Int
    /// As the header `Host` has it.
    package var authority: String
    /// From the first slash on.
    package var path: String

    /// Of a host that needs no lookup.
    var socketAddress: SocketAddress? { try? SocketAddress(ipAddress: host, port: port) }

    /// What a certificate must be for, when that is a name: addresses are not told to the server.
    var serverName: String? { socketAddress == nil ? host : nil }

    /// Of `http://host:port/path` or `https://…`; nil for anything else. User and query are for whoever reads the URL to refuse.
    package init?(_ url: String) {
        let schemes = [("http://", false, 80), ("https://", true, 443)]
        guard let (scheme, isTLS, usualPort) = schemes.first(where: { url.hasPrefix($0.0) }) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        guard let (host, port) = Self.hostAndPort(authority, usualPort) else { return nil }
        self.isTLS = isTLS
        self.host = host
        self.port = port
        self.authority = String(authority)
        self.path = authority.endIndex == rest.endIndex ? "/" : String(rest[authority.endIndex...])
    }

    private static func hostAndPort(_ authority: Substring, _ usualPort: Int) -> (host: String, port: Int)? {
        let bracket = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : nil
        let colon = authority[(bracket ?? authority.startIndex)...].firstIndex(of: ":")
        let host = bracket.map { authority[..<$0].dropFirst() } ?? authority[..<(colon ?? authority.endIndex)]
        let isPlain = bracket != nil || !host.contains { "[]".contains($0) }
        guard !host.isEmpty, isPlain, bracket.map({ authority.index(after: $0) == colon ?? authority.endIndex }) ?? true else { return nil }
        guard let colon, authority.index(after: colon) != authority.endIndex else { return (String(host), usualPort) }
        let digits = authority[colon...].dropFirst()
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits), port > 0 else { return nil }
        return (String(host), Int(port))
    }
}
