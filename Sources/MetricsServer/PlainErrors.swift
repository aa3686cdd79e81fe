import HTTPTypes
import Hummingbird
import NIOCore

/// Says every refusal in a sentence, and tells a wrong method (405) from a wrong path (404).
struct PlainErrors: RouterMiddleware {
    let paths: [String]

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
            var response = Self.refusal(.methodNotAllowed, "\(path) is to be read: use GET or HEAD.")
            response.headers[.allow] = "GET, HEAD"
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
