package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import YAMLTree

/// Who may speak to the server, and how: a web configuration file at work. It is read again for each request and each handshake.
package final class WebAccess: Sendable {
    /// Threads that it has of its own.
    package static let threads = 2

    let limiter: TokenBucket?
    let passwords = PasswordChecks()
    private let file: FreshValue<WebConfigurationFile.Reading>
    /// nil: plain HTTP, for as long as the process runs.
    private let tls: (setups: TLSSetups, fresh: FreshValue<Result<TLSSetup, WebConfigurationError>>)?
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let logger: Logger
    private let told = Mutex<[Use: WebConfigurationError]>([:])

    private enum Use: String {
        case requests = "Unable to parse configuration"
        case handshakes = "TLS cannot be served"
    }

    package var isTLSEnabled: Bool { tls != nil }

    /// Reads the file for the first time.
    /// - Throws: everything wrong with it, so that the process does not start.
    package init(file path: String, logger: Logger) throws(WebConfigurationError) {
        self.logger = logger
        let file = WebConfigurationFile(path: path)
        let first = file.read()
        let configuration = try first.configuration.get()
        try Self.check(configuration)
        limiter = configuration.rateLimit.map { TokenBucket($0) }
        self.file = FreshValue(first, on: thread) { file.read() }
        if let section = configuration.tls, section.isConfigured {
            let setups = try TLSSetups(first, section: section)
            tls = (setups, FreshValue(setups.setup(of: first), on: thread) { setups.setup(of: file.read()) })
        } else {
            tls = nil
        }
        thread._start(threadNamePrefix: "web-files-")
        for warning in configuration.warnings { logger.warning("\(warning)") }
        logger.notice(isTLSEnabled ? "TLS is enabled." : "TLS is disabled.")
        if let limit = configuration.rateLimit {
            logger.notice("Rate Limiter is enabled.", metadata: ["interval": "\(limit.interval)", "burst": "\(limit.burst)"])
        }
    }

    /// Checks a file as a start does, and serves nothing.
    /// - Returns: what is odd, and allowed.
    /// - Throws: everything wrong with it.
    package static func check(file path: String) throws(WebConfigurationError) -> [String] {
        let reading = WebConfigurationFile(path: path).read()
        let configuration = try reading.configuration.get()
        try check(configuration)
        if let section = configuration.tls, section.isConfigured { _ = try TLSSetups(reading, section: section) }
        return configuration.warnings.map { "\($0)" }
    }

    /// What keeps a server from starting, and is no matter later.
    private static func check(_ configuration: WebConfiguration) throws(WebConfigurationError) {
        var problems = configuration.users.compactMap { user in PasswordHash.problem(user.hash.value).map(user.hash.place.problem) }
        if let tls = configuration.tls, tls.isConfigured {
            if configuration.allowsHTTP2, let problem = tls.problemOfHTTP2 { problems.append(problem) }
            do {
                _ = try tls.readContents()
            } catch {
                guard problems.isEmpty else { throw WebConfigurationError(lines: error.lines + problems.map(\.description)) }
                throw error
            }
        }
        guard problems.isEmpty else { throw WebConfigurationError(problems) }
    }

    deinit {
        // Nobody waits for its end.
        thread.shutdownGracefully { _ in }
    }

    /// The file as it is now.
    func configuration(on loop: any EventLoop) async throws -> WebConfiguration {
        let reading = try await file.value(on: loop).get()
        note(reading.configuration, for: .requests)
        return try reading.configuration.get()
    }

    /// The setup for a handshake that begins now; nil where plain HTTP is served.
    func setup(on loop: any EventLoop) -> EventLoopFuture<TLSSetup>? {
        guard let tls else { return nil }
        return tls.fresh.value(on: loop).map { [self] result in
            note(result, for: .handshakes)
            return (try? result.get()) ?? tls.setups.refusing  // Why is in the log.
        }
    }

    /// Tells each new mistake once: whoever asks often shall not fill the log.
    private func note<Value>(_ result: Result<Value, WebConfigurationError>, for use: Use) {
        let error: WebConfigurationError? = if case .failure(let error) = result { error } else { nil }
        let before = told.withLock { told in
            defer { told[use] = error }
            return told[use]
        }
        guard error != before else { return }
        if let error {
            logger.error("\(use.rawValue)", metadata: ["error": "\(error.lines.joined(separator: "; "))"])
        } else {
            logger.notice("the web configuration can be used again")
        }
    }
}

extension WebConfigurationError {
    init(lines: [String]) {
        self.lines = lines
    }
}
