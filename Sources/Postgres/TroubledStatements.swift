/// The statements that have failed and are not trusted yet: together with others one that fails costs those behind it a second sending.
struct TroubledStatements {
    /// How long a statement has to succeed before it flies with the others again.
    static let probation = Duration.seconds(60)

    /// By name: since when each has succeeded again; nil while it fails.
    private var healthySince: [String: ContinuousClock.Instant?] = [:]

    func contains(_ statement: Statement) -> Bool {
        healthySince[statement.name] != nil
    }

    mutating func note(_ statement: Statement, hasFailed: Bool, at now: ContinuousClock.Instant) {
        if hasFailed {
            healthySince[statement.name] = .some(nil)
        } else if let since = healthySince[statement.name] {
            if let since, now - since >= Self.probation {
                healthySince[statement.name] = nil
            } else if since == nil {
                healthySince[statement.name] = .some(now)
            }
        }
    }
}
