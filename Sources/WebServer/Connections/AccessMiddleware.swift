import HTTPTypes
package import Hummingbird
package import NIOCore

/// The gatekeeper of all paths, in the order of exporter-toolkit: the file, the rate limit, the configured headers, the users.
package struct AccessMiddleware: RouterMiddleware {
    package typealias Context = BasicRequestContext

    private let access: WebAccess?
    private let group: any EventLoopGroup

    /// - Parameter access: nil: everybody may do everything.
    package init(_ access: WebAccess?, on group: any EventLoopGroup) {
        self.access = access
        self.group = group
    }

    package func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let access else { return Self.complete(try await next(request, context)) }
        let configuration: WebConfiguration
        do {
            configuration = try await access.configuration(on: group.any())
        } catch {
            return Self.complete(Self.refusal(.internalServerError))
        }
        if let limiter = access.limiter, !limiter.take() { return Self.complete(Self.refusal(.tooManyRequests)) }
        do {
            guard try await isAllowed(request, access, configuration) else {
                var response = Self.refusal(.unauthorized)
                response.headers[.wwwAuthenticate] = "Basic"
                return Self.complete(response, configuration.headers)
            }
        } catch is PasswordChecks.TooManyWaiting {
            return Self.complete(Self.refusal(.serviceUnavailable), configuration.headers)
        }
        return Self.complete(try await next(request, context), configuration.headers)
    }

    private func isAllowed(_ request: Request, _ access: WebAccess, _ configuration: WebConfiguration) async throws -> Bool {
        guard !configuration.users.isEmpty else { return true }
        guard let header = request.headers[values: .authorization].first, let credentials = BasicCredentials(authorization: header) else {
            return false
        }
        return try await access.passwords.areRight(credentials, among: configuration.users, on: group.any())
    }

    private static func complete(_ response: Response, _ configured: [ConfiguredHeader] = []) -> Response {
        var response = response
        AnswerHeaders.add(to: &response.headers, configured: configured)
        return response
    }

    private static func refusal(_ status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: status.reasonPhrase + "\n"))
        )
    }
}
