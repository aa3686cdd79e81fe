#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A name and a password, as a client sends them.
struct BasicCredentials: Sendable, Hashable {
    var user: [UInt8]
    var password: [UInt8]

    init(user: [UInt8], password: [UInt8]) {
        self.user = user
        self.password = password
    }

    /// - Parameter header: the value of `Authorization`.
    /// - Returns: nil unless it is `Basic`, one blank, and base64 with padding of text that has a colon.
    init?(authorization header: String) {
        guard header.prefix(6).lowercased() == "basic ", let data = Data(base64Encoded: String(header.dropFirst(6))) else { return nil }
        guard let colon = data.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        user = Array(data[..<colon])
        password = Array(data[data.index(after: colon)...])
    }
}
