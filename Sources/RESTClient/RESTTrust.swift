import NIOCore
import NIOSSL
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How an interface is spoken to by TLS: its files, read again when a file has changed: certificates are renewed while the exporter runs.
package final class RESTTrust: Sendable {
    private let options: Options
    private let last = Mutex<(contents: Contents, context: NIOSSLContext)?>(nil)
    private let reading = SharedReading<NIOSSLContext>()

    private struct Contents: Equatable {
        var authorities: Data?
        var certificate: Data?
        var key: Data?
    }

    /// The files.
    package struct Options: Sendable, Hashable {
        /// PEM file with the certificates that are trusted instead of the system's; nil: the system's.
        package var caFile: String?
        /// PEM file with the client's certificate, followed by those of its issuers; nil: none.
        package var certFile: String?
        /// PEM file with the key of the client's certificate; nil: it is in `certFile`.
        package var keyFile: String?
        /// Takes any certificate of any server.
        package var insecureSkipVerify: Bool

        package init(caFile: String? = nil, certFile: String? = nil, keyFile: String? = nil, insecureSkipVerify: Bool = false) {
            self.caFile = caFile
            self.certFile = certFile
            self.keyFile = keyFile
            self.insecureSkipVerify = insecureSkipVerify
        }
    }

    package init(_ options: Options) {
        self.options = options
    }

    /// The context by the files' present contents: reads files, and parses all the system's certificates. It has no deadline of its own; when its
    /// task is cancelled, it fails at once.
    func context(on loop: any EventLoop) async throws -> NIOSSLContext {
        try await reading.value(on: loop) { try self.context() }
    }

    private func context() throws(RESTFailure) -> NIOSSLContext {
        let contents = Contents(
            authorities: try Self.read(options.caFile, as: "CA file"),
            certificate: try Self.read(options.certFile, as: "certificate file"),
            key: try Self.read(options.keyFile, as: "key file")
        )
        if contents == Contents(), !options.insecureSkipVerify { return try Self.systemTrust.get() }
        if let last = last.withLock({ $0 }), last.contents == contents { return last.context }
        let context = try Self.context(of: try configuration(contents))
        last.withLock { $0 = (contents, context) }
        return context
    }

    /// Trusts whom the system trusts: some megabytes of certificates, which all clusters can share.
    private static let systemTrust = Result { () throws(RESTFailure) in try context(of: .makeClientConfiguration()) }

    private static func context(of configuration: TLSConfiguration) throws(RESTFailure) -> NIOSSLContext {
        var configuration = configuration
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw RESTFailure(error)
        }
    }

    private static func read(_ path: String?, as what: String) throws(RESTFailure) -> Data? {
        guard let path else { return nil }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { throw RESTFailure("cannot read the \(what) \(path)") }
        return data
    }

    private func configuration(_ contents: Contents) throws(RESTFailure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if options.insecureSkipVerify { configuration.certificateVerification = .none }
        if let authorities = contents.authorities {
            configuration.trustRoots = .certificates(try Self.certificates(authorities, of: options.caFile))
        }
        if let certificate = contents.certificate {
            configuration.certificateChain = try Self.certificates(certificate, of: options.certFile).map { .certificate($0) }
            guard let key = try? NIOSSLPrivateKey(bytes: [UInt8](contents.key ?? certificate), format: .pem) else {
                throw RESTFailure("no usable key in \(options.keyFile ?? options.certFile ?? "")")
            }
            configuration.privateKey = .privateKey(key)
        }
        return configuration
    }

    private static func certificates(_ data: Data, of path: String?) throws(RESTFailure) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes([UInt8](data)), !certificates.isEmpty else {
            throw RESTFailure("no usable certificate in \(path ?? "")")
        }
        return certificates
    }
}
