import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Why a request brought nothing, in words for people.
package struct RESTFailure: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    /// Of an error of a request, or of what reads its answer.
    package init(_ error: any Error) {
        switch error {
        case let failure as RESTFailure: self = failure
        case is CancellationError: self.init("cancelled")
        case ChannelError.connectTimeout: self.init("no answer in time")
        case HTTPParserError.invalidEOFState: self.init("the server closed the connection")
        case let error as NIOConnectionError: self.init(Self.words(for: error))
        case let error as IOError: self.init(Self.words(for: error))
        case let error as NIOSSLError: self.init("TLS: \(Self.words(for: error))")
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self.init("TLS: the server's certificate is for another host")
        case let error as NIOSSLExtraError: self.init("TLS: \(error.description)")
        case let error as BoringSSLError: self.init("TLS: \(Self.words(forTLS: "\(error)"))")
        default: self.init("\(error)")
        }
    }

    private static func words(for error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first { return RESTFailure(first.error).description }
        return error.dnsAError == nil && error.dnsAAAAError == nil ? "cannot connect" : "no address found for \(error.host)"
    }

    /// `Connection refused`, without the name of the system call before it.
    private static func words(for error: IOError) -> String {
        switch error.errnoCode {
        case 0: "cannot connect"
        default: Self.lowercasingFirst(String(cString: strerror(error.errnoCode)))
        }
    }

    private static func words(for error: NIOSSLError) -> String {
        switch error {
        case .handshakeFailed(let reason): "handshake failed, \(words(forTLS: "\(reason)"))"
        case .unableToValidateCertificate: "the server's certificate cannot be verified"
        case .uncleanShutdown: "the server closed the connection"
        default: "\(error)"
        }
    }

    /// BoringSSL's text has the reason between `OPENSSL_internal:` and the place in its sources, which is of no use here.
    private static func words(forTLS text: String) -> String {
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "the server's certificate is not trusted" }
        let reasons = text.split(separator: "OPENSSL_internal:").dropFirst().map { $0.prefix { !" \"]".contains($0) } }
        return reasons.isEmpty ? "no reason known" : reasons.joined(separator: ", ")
    }

    private static func lowercasingFirst(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }
}
