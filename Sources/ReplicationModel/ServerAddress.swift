/// Where a server is reached: a host name, an IP address or the directory of a Unix socket, and a port.
package struct ServerAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `host:port`, an IPv6 address in brackets.
    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether a text can be a host at all: a name, an address, or the directory or the abstract name of a socket, and nothing that somebody put
    /// behind it by mistake, such as a password.
    package static func isHost(_ text: some StringProtocol) -> Bool {
        if text.hasPrefix("/") || text.hasPrefix("@") { return !text.contains { "=; &".contains($0) } }
        let name = text.contains(":") ? text.prefix { $0 != "%" } : text[...]
        return !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-_.:".unicodeScalars.contains(scalar)
            }
    }

    /// Several hosts and ports, combined as libpq does it; several ports of one host are several addresses.
    /// - Returns: none without hosts; nil when there are neither as many ports as hosts nor one for all.
    package static func pairs(_ hosts: [String], _ ports: [Int]) -> [ServerAddress]? {
        if hosts.count == 1 { return ports.map { ServerAddress(host: hosts[0], port: $0) } }
        guard ports.count == 1 || ports.count == hosts.count || hosts.isEmpty else { return nil }
        return hosts.enumerated().map { index, host in ServerAddress(host: host, port: ports[ports.count == 1 ? 0 : index]) }
    }

    /// As compared: host names without regard to case, IPv6 addresses without brackets.
    package var normalized: ServerAddress {
        var host = host.lowercased()
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return ServerAddress(host: host, port: port)
    }

    package static func < (one: ServerAddress, other: ServerAddress) -> Bool {
        (one.host, one.port) < (other.host, other.port)
    }
}
