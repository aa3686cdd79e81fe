/// How much of what we want of a session goes along with its start-up packet. A pooler may refuse any of it, each in words of its own.
enum StartupParameters: CaseIterable {
    /// The encoding, our name and our settings.
    case all
    /// No settings: pgbouncer knows no `options` unless told to ignore them.
    case withoutOptions
    /// Nothing but who we are and which database we want.
    case none

    /// The next try after a refusal; nil when it cannot have been the parameters, or when there is nothing left to leave out.
    func next(after refusal: PostgresError) -> StartupParameters? {
        guard Self.mayBeMeant(by: refusal) else { return nil }
        switch self {
        case .all: return .withoutOptions
        case .withoutOptions: return StartupParameters.none
        case .none: return nil
        }
    }

    /// Whether the peer spoke, and not of what has nothing to do with parameters: a password that is tried again counts twice.
    private static func mayBeMeant(by refusal: PostgresError) -> Bool {
        guard refusal.code == .connectionFailed else { return false }
        guard let state = refusal.sqlState else { return refusal.message.contains("FATAL") || namesParameters(refusal.message) }
        if state == .invalidAuthorization { return namesParameters(refusal.message) }
        return state != .invalidPassword && state != .undefinedDatabase && !["53", "57"].contains(state.code.prefix(2))
    }

    private static func namesParameters(_ message: String) -> Bool {
        let message = message.lowercased()
        return ["parameter", "option", "client_encoding", "application_name"].contains { message.contains($0) }
    }
}
