import HTTPTypes
import Hummingbird
import NIOCore

/// Says every refusal in a sentence, and tells a wrong method (405) from a wrong path (404).
struct PlainErrors: RouterMiddleware {
    let paths: [String]
    /// Those that are not to be read, with the methods that they take.
    let methods: [String: [HTTPRequest.Method]]

    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && error.body == nil {
            let path = request.uri.path
            guard paths.contains(path) else {
                return Self.refusal(.notFound, "There is nothing at this path. Try \(paths.joined(separator: ", ")).")
            }
            let methods = methods[path]?.map(\.rawValue) ?? ["GET", "HEAD"]
            let reason = self.methods[path] == nil ? "is to be read" : "does something"
            var response = Self.refusal(.methodNotAllowed, "\(path) \(reason): use \(methods.joined(separator: " or ")).")
            response.headers[.allow] = methods.joined(separator: ", ")
            return response
        } catch let error as HTTPError {
            return Self.refusal(error.status, error.body ?? error.status.reasonPhrase)
        }
    }

    private static func refusal(_ status: HTTPResponse.Status, _ sentence: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: sentence + "\n"))
        )
    }
}
