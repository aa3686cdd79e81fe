import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Refuses scrapes beyond a number at once: what waits for servers is bounded, whoever asks.
final class ScrapeLimit: RouterMiddleware {
    typealias Context = BasicRequestContext

    private let paths: Set<String>
    private let limit: Int
    private let running = Atomic<Int>(0)

    /// - Parameter limit: 0: none.
    init(paths: [String], limit: Int) {
        self.paths = Set(paths)
        self.limit = limit
    }

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        guard limit > 0, paths.contains(request.uri.path) else { return try await next(request, context) }
        let before = running.wrappingAdd(1, ordering: .relaxed).oldValue
        defer { running.wrappingSubtract(1, ordering: .relaxed) }
        guard before < limit else {
            throw HTTPError(.serviceUnavailable, message: "Limit of concurrent requests reached (\(limit)), try again later.")
        }
        return try await next(request, context)
    }
}
