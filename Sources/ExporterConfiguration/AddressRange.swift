#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// IP addresses with a common beginning: `10.0.0.0/8`, `fd00::/8`.
package struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    package let description: String
    private let network: [UInt8]
    private let prefix: Int

    /// Of a network and the length of its prefix; an address alone is a range of one. nil for anything else, also when a bit is set beyond the
    /// prefix: then one of the two is not what was meant.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let network = Self.bytes(of: String(parts[0])) else { return nil }
        var prefix = network.count * 8
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= prefix
            else { return nil }
            prefix = number
        }
        self.description = text
        self.network = network
        self.prefix = prefix
        guard Self.masked(network, prefix) == network else { return nil }
    }

    /// Whether it holds an address. An IPv4 address that is written as one of IPv6 is the IPv4 address.
    func contains(_ address: [UInt8]) -> Bool {
        address.count == network.count && Self.masked(address, prefix) == network
    }

    private static func masked(_ bytes: [UInt8], _ prefix: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let bits = min(max(prefix - index * 8, 0), 8)
            return bits == 0 ? 0 : byte & (0xFF << (8 - bits))
        }
    }

    /// Four or sixteen bytes; nil when the text is no address. The zone of a link-local address says nothing of where it is.
    fileprivate static func bytes(of text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        return sixteen.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) ? Array(sixteen.suffix(4)) : sixteen
    }
}

extension [AddressRange] {
    /// Whether a host is an address in one of them; nil when it is a name, or one of the looser ways to write an address, which only a lookup
    /// can tell.
    package func contains(host: String) -> Bool? {
        AddressRange.bytes(of: String(host.prefix { $0 != "%" })).map { address in contains { $0.contains(address) } }
    }
}
