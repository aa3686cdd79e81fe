package import ExporterConfiguration
package import Logging
package import Postgres
package import ReplicationModel

/// All targets, each with its own monitor: none waits for another.
package struct Fleet: Sendable {
    private static let manyTargets = 50

    private let monitors: [TargetMonitor]

    /// - Parameter loops: where the sessions run: by default one I/O thread for all.
    package init(
        _ configuration: Configuration,
        logger: Logger,
        loops: @Sendable () -> EventLoop = { .shared }
    ) {
        let disabled = Set(configuration.collection.disabledCollectors.compactMap(CollectorName.init(rawValue:)))
        monitors = configuration.targets.map { target in
            TargetMonitor(target, collection: configuration.collection, disabled: disabled, logger: logger, on: loops())
        }
    }

    /// The targets' names, in the order of the configuration.
    package var names: [String] { monitors.map(\.name) }

    /// Begins to connect to all targets.
    package func start() async {
        for monitor in monitors { await monitor.start() }
    }

    /// Closes all connections.
    package func stop() async {
        await withTaskGroup { group in
            for monitor in monitors { group.addTask { await monitor.stop() } }
        }
    }

    /// Does work that awaits the fleet on the thread that serves its connections: gathering a page there changes threads twice,
    /// elsewhere dozens of times.
    package func onItsThread<Result: Sendable>(_ work: @Sendable () async throws -> Result) async rethrows -> Result {
        try await withTaskExecutorPreference(LoopTaskExecutor.shared, operation: work)
    }

    /// A report of every target, in the order of the configuration. All are there by the deadline.
    package func reports(until deadline: ContinuousClock.Instant) async -> [TargetReport] {
        if monitors.count == 1 { return [await monitors[0].report(until: deadline)] }
        return await gatheredReports(until: deadline)
    }

    private func gatheredReports(until deadline: ContinuousClock.Instant) async -> [TargetReport] {
        await withTaskGroup { group in
            for (index, monitor) in monitors.enumerated() {
                group.addTask { (index, await monitor.report(until: deadline)) }
            }
            var reports = [TargetReport?](repeating: nil, count: monitors.count)
            for await (index, report) in group { reports[index] = report }
            // The answers of hundreds of servers at once are a burst; what it took is free now, but scattered.
            if monitors.count >= Self.manyTargets { ClientLibrary.trimMemory() }
            return reports.compactMap(\.self)
        }
    }

    /// A report of one target; nil when there is none of that name.
    package func report(of name: String, until deadline: ContinuousClock.Instant) async -> TargetReport? {
        guard let monitor = monitors.first(where: { $0.name == name }) else { return nil }
        return await monitor.report(until: deadline)
    }
}
