import HTTPTypes
import Hummingbird
import HummingbirdCore

extension Request {
    /// The values of a parameter of the query, in their order. A plus is a blank, as in forms: Prometheus writes parameters so.
    func parameters(_ name: String) -> [String] {
        guard let query = uri.query else { return [] }
        return URI("/?" + query.replacing("+", with: "%20")).queryParameters.getAll(name)
    }

    /// Refuses what a path does not take: a parameter that is misspelt would be one that is not given, and a check without its limit.
    /// - Parameter repeatable: those that may be given several times.
    /// - Throws: 400, which names the parameter and what is allowed.
    func takesOnly(_ allowed: [String], repeatable: Set<String> = []) throws {
        var given: Set<String> = []
        for part in (uri.query ?? "").split(separator: "&") {
            let name = String(part.prefix { $0 != "=" })
            guard allowed.contains(name) else {
                let list = allowed.isEmpty ? "none" : allowed.joined(separator: " and ")
                throw HTTPError(.badRequest, message: "'\(Self.shown(name))' is no parameter of \(uri.path), which takes \(list).")
            }
            guard given.insert(name).inserted || repeatable.contains(name) else {
                throw HTTPError(.badRequest, message: "\(uri.path) takes the parameter \(name) once.")
            }
        }
    }

    /// What somebody sent, as far as it can be repeated in a line of text.
    private static func shown(_ name: String) -> String {
        let limit = 60
        let text = String(String.UnicodeScalarView(name.unicodeScalars.prefix(limit).map { (0x20...0x7E).contains($0.value) ? $0 : "?" }))
        return name.unicodeScalars.count > limit ? text + "…" : text
    }
}
