import AsyncHTTPClient
package import NIOCore

/// The HTTP client that all clusters share. It owns no thread.
package struct PatroniConnections: Sendable {
    let http: HTTPClient

    /// Works on the given threads; one is plenty.
    package init(group: any EventLoopGroup) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        // The next poll is the retry.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Each request has its own deadline; this only keeps a connection attempt from outliving them for long.
        configuration.timeout.connect = .seconds(60)
        http = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    /// Must be called once before the last copy goes away; requests that are under way fail.
    package func shutdown() async throws {
        try await http.shutdown()
    }
}
