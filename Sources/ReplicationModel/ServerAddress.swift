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

    package static func < (one: ServerAddress, other: ServerAddress) -> Bool {
        (one.host, one.port) < (other.host, other.port)
    }
}
