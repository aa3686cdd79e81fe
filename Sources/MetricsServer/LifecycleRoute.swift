import HTTPTypes
import Hummingbird
import NIOCore

/// Reloads the configuration.
/// - Returns: why it was refused, in lines without secrets; nil: it is in force now.
package typealias ReloadConfiguration = @Sendable () async -> String?

/// `/-/reload`: 200 when the configuration is in force that was read after the request came, 500 when it was refused.
struct LifecycleRoute: Sendable {
    static let path = "/-/reload"
    /// As Prometheus has it: what does something is not to be done by following a link.
    static let methods: [HTTPRequest.Method] = [.post, .put]

    /// nil: not enabled.
    let reload: ReloadConfiguration?

    func response(to request: Request) async throws -> Response {
        guard let reload else {
            throw HTTPError(
                .forbidden,
                message: "Reloading over HTTP is not enabled: start the exporter with --web.enable-lifecycle, or send it SIGHUP."
            )
        }
        try request.takesOnly([])
        let problem = await reload()
        return Response(
            status: problem == nil ? .ok : .internalServerError,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: (problem ?? "The configuration has been reloaded.") + "\n"))
        )
    }
}
