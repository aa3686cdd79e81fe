package import Hummingbird
import HTTPTypes
import Synchronization

/// Counts answers by path and status: of the paths that there are, and of all others together, so that nobody can make series.
package final class RequestCounter: RouterMiddleware {
    package typealias Context = BasicRequestContext

    /// What is counted together.
    package struct Kind: Sendable, Hashable {
        package var handler: String
        package var code: Int
    }

    private struct State {
        var counts: [Kind: Int] = [:]
        var inFlight = 0
    }

    private let paths: Set<String>
    private let state: Mutex<State>

    /// - Parameters:
    ///   - paths: those that are counted by themselves.
    ///   - first: the path that is there with 0 from the start.
    package init(paths: [String], first: String) {
        self.paths = Set(paths)
        state = Mutex(State(counts: [Kind(handler: first, code: 200): 0]))
    }

    /// Answers so far, sorted.
    package var counts: [(kind: Kind, count: Int)] {
        state.withLock(\.counts)
            .sorted { ($0.key.handler, $0.key.code) < ($1.key.handler, $1.key.code) }
            .map { ($0.key, $0.value) }
    }

    /// Requests whose answers are being made.
    package var inFlight: Int { state.withLock(\.inFlight) }

    package func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        let handler = paths.contains(path) ? path : "other"
        state.withLock { $0.inFlight += 1 }
        var code = 500
        defer {
            state.withLock { state in
                state.inFlight -= 1
                state.counts[Kind(handler: handler, code: code), default: 0] += 1
            }
        }
        let response = try await next(request, context)
        code = response.status.code
        return response
    }
}
