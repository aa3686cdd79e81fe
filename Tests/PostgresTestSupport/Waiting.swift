/// How long a condition is waited for unless told otherwise: far more than it takes, as the machine may be busy.
package let defaultPatience: Duration = .seconds(60)

/// Waits until the condition holds. An error that the condition throws counts as "not yet" and is told at the deadline.
package func waitUntil(
    _ what: String,
    timeout: Duration = defaultPatience,
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    _ = try await poll(what, timeout: timeout, read: condition, until: { $0 })
}

/// Reads a value again and again until it is as wanted, and returns it; at the deadline the failure shows the last one.
package func poll<Value>(
    _ what: String,
    timeout: Duration = defaultPatience,
    every interval: Duration = .milliseconds(25),
    isolation: isolated (any Actor)? = #isolation,
    read: () async throws -> Value,
    until isWanted: (Value) -> Bool
) async throws -> Value {
    let deadline = ContinuousClock.now + timeout
    while true {
        let lastSeen: String
        do {
            let value = try await read()
            if isWanted(value) { return value }
            lastSeen = "\(value)"
        } catch let error as CancellationError {
            throw error
        } catch {
            lastSeen = "the error: \(error)"
        }
        guard ContinuousClock.now < deadline else {
            throw SupportFailure("\(what): not within \(timeout); last seen: \(lastSeen)")
        }
        try await Task.sleep(for: interval)
    }
}
