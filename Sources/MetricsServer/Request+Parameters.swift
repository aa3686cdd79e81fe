import Hummingbird
import HummingbirdCore

extension Request {
    /// The values of a parameter of the query, in their order. A plus is a blank, as in forms: Prometheus writes parameters so.
    func parameters(_ name: String) -> [String] {
        guard let query = uri.query else { return [] }
        return URI("/?" + query.replacing("+", with: "%20")).queryParameters.getAll(name)
    }
}
