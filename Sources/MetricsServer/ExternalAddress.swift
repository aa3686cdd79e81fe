/// Where Prometheus reaches this exporter, for `/sd`.
package struct ExternalAddress: Sendable, Hashable {
    /// `http` or `https`; nil: what the scrape job says.
    package var scheme: String?
    /// Host and port.
    package var authority: String
    /// What a proxy puts before each path; empty or with a slash at its beginning and none at its end.
    package var prefix = ""

    /// - Parameter url: `http://host[:port][/prefix]`, or the same with `https`.
    /// - Returns: nil when it is no such URL.
    package init?(url: String) {
        guard let scheme = ["http", "https"].first(where: { url.hasPrefix($0 + "://") }) else { return nil }
        let rest = url.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" }
        var prefix = rest.dropFirst(authority.count)
        while prefix.last == "/" { prefix = prefix.dropLast() }
        let isPlain = prefix.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "/-._~".unicodeScalars.contains(scalar))
        }
        guard Self.isWellFormed(String(authority)), isPlain, !prefix.contains("//") else { return nil }
        self.scheme = scheme
        self.authority = String(authority)
        self.prefix = String(prefix)
    }

    /// - Parameter host: a request's Host.
    /// - Returns: nil when it is not well-formed.
    init?(host: String) {
        guard Self.isWellFormed(host) else { return nil }
        authority = host
    }

    /// `name`, `name:port`, `192.0.2.7:80`, `[2001:db8::1]:80`.
    private static func isWellFormed(_ authority: String) -> Bool {
        guard authority.utf8.count <= 255 else { return false }
        var rest = authority[...]
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return false }
            let address = rest[..<end].dropFirst()
            guard address.contains(":"), address.utf8.allSatisfy({ isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) else {
                return false
            }
            rest = rest[end...].dropFirst()
        } else {
            let name = rest.prefix { $0 != ":" }
            guard !name.isEmpty, name.utf8.allSatisfy(isOfName) else { return false }
            rest = rest.dropFirst(name.count)
        }
        guard let colon = rest.first else { return true }
        let digits = rest.dropFirst()
        return colon == ":" && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } && (UInt16(digits) ?? 0) > 0
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
