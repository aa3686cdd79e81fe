import ReplicationModel

/// Whether a server runs on this machine, as far as that shows in how it is reached.
enum LocalServer {
    /// Beyond doubt: over a Unix socket the server says that the session has no address.
    /// - Parameter addresses: where the connection leads; empty where libpq chooses, which is a socket where there are any.
    static func isHere(_ identity: ServerIdentity?, at addresses: [ServerAddress]) -> Bool {
        guard let identity, identity.address == nil, identity.port == nil else { return false }
        return addresses.allSatisfy { $0.host.isEmpty || $0.host.hasPrefix("/") || $0.host.hasPrefix("@") }
    }

    /// Also over a loopback address, which may as well be the near end of a tunnel to another machine.
    static func mayBeHere(_ identity: ServerIdentity?, at addresses: [ServerAddress]) -> Bool {
        if isHere(identity, at: addresses) { return true }
        guard let address = identity?.address else { return false }
        return address == "::1" || address.hasPrefix("127.")
    }
}
