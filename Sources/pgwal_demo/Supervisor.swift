import PostgresTestSupport

/// Watches the demo's processes: what the user may stop, and may have started again, and what must not end.
struct Supervisor {
    let cluster: DemoCluster
    let exporter: Exporter
    let process: ChildProcess

    /// Returns why the demo must end.
    func watch(_ signals: Signals) async throws -> SupportFailure {
        try await withThrowingTaskGroup(of: SupportFailure?.self) { group in
            group.addTask { try await whatEnds() }
            group.addTask {
                for await _ in signals.restarts { await startStandby() }
                return nil
            }
            group.addTask {
                try await reportNews()
                return nil
            }
            defer { group.cancelAll() }
            while let reason = try await group.next() {
                if let reason { return reason }
            }
            throw CancellationError()
        }
    }

    private func whatEnds() async throws -> SupportFailure {
        try await waitUntil("something ends", timeout: forever) { !process.isRunning || !cluster.primary.isRunning }
        guard cluster.primary.isRunning else {
            return SupportFailure("the primary has ended. Its log ends:\n\(cluster.primary.logTail())")
        }
        return exporter.end(of: process)
    }

    /// Tells of the standby, the consumer and the load when they come and go, which may be the user's doing.
    private func reportNews() async throws {
        let names = ["standby", "consumer of the slot", "load"]
        var known = [true, true, true]
        while true {
            let present = try await poll("news", timeout: forever, every: .milliseconds(200)) {
                [cluster.standby.isRunning, cluster.consumer.isRunning, cluster.load.isRunning]
            } until: {
                $0 != known
            }
            for (index, name) in names.enumerated() where present[index] != known[index] {
                say("The \(name) has \(present[index] ? "started" : "ended").\n")
            }
            known = present
        }
    }

    private func startStandby() async {
        guard !cluster.standby.isRunning else { return say("The standby is running.\n") }
        do {
            try await cluster.standby.start()
        } catch {
            say("The standby did not start: \(error)\n")
        }
    }
}
