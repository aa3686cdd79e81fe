import NIOCore
import NIOSSL

/// The names of a client's certificate, and whether one of them is allowed.
enum SubjectNames {
    /// DNS names, mail addresses and URIs as they are, addresses in their canonical form.
    static func all(of certificate: NIOSSLCertificate) -> [String] {
        certificate._subjectAlternativeNames().compactMap { name in
            let bytes = Array(name.contents)
            switch name.nameType {
            case .dnsName, .email, .uri: return String(decoding: bytes, as: UTF8.self)
            case .ipAddress: return address(bytes)
            default: return nil
            }
        }
    }

    /// Whether a name equals an allowed one, byte by byte: no wildcards, no folding.
    static func isAllowed(_ names: [String], by allowed: [String]) -> Bool {
        names.contains { name in allowed.contains { Array($0.utf8) == Array(name.utf8) } }
    }

    /// `192.0.2.7`, `2001:db8::7`; nil when it is neither.
    static func address(_ bytes: [UInt8]) -> String? {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        // One in the range of mapped addresses is written as the address that it maps.
        let isMapped = bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        let bytes = isMapped ? Array(bytes[12...]) : bytes
        guard let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0) else { return nil }
        return address.ipAddress
    }
}
