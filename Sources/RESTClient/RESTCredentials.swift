import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// By which name and password an interface knows whoever asks. They go to the configured URLs alone: no redirect is followed.
package final class RESTCredentials: Sendable {
    private let username: String
    private let password: @Sendable () throws -> String
    private let reading = SharedReading<String>()

    /// - Parameter password: asked for at each request, on a thread that it may block, so that a password that is changed is taken up. What it
    ///   throws is quoted in an error text.
    package init(username: String, password: @escaping @Sendable () throws -> String) {
        self.username = username
        self.password = password
    }

    /// The value of the header `Authorization`.
    func header(on loop: any EventLoop) async throws -> String {
        try await reading.value(on: loop) {
            do {
                return "Basic " + Data("\(self.username):\(try self.password())".utf8).base64EncodedString()
            } catch {
                throw RESTFailure("\(error)")
            }
        }
    }
}
