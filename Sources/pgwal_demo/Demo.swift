import Foundation
import PostgresTestSupport

/// `make demo`: the exporter at work on a primary and a standby that exist for as long as the demo runs. With PGWAL_DSN
/// set, on that server instead.
@main
enum Demo {
    static func main() async {
        let signals = Signals()
        let terminal = Terminal()
        let work = Task { try await Demo.run(signals) }
        let failure = await outcome(of: work, unless: signals, terminal)
        if let failure { say("\nThe demo has ended: \(failure)\n") }
        endEverything()
        terminal.giveBack()
        exit(failure == nil ? 0 : 1)
    }

    private static func run(_ signals: Signals) async throws {
        let address = try ListenAddress(ProcessInfo.processInfo.environment["PGWAL_DEMO_LISTEN"] ?? ":10195")
        try address.requireFree()
        let exporter = try Exporter(address: address)
        if ProcessInfo.processInfo.environment["PGWAL_DSN"]?.isEmpty == false {
            let process = try await exporter.startOnServerOfTheUser()
            say(Guide.text(forServerOfTheUser: address))
            throw try await exporter.waitForEnd(of: process)
        }
        let cluster = try await DemoCluster.start()
        let process = try await exporter.start(configuration: cluster.exporterConfiguration)
        say(Guide.text(for: cluster, at: address))
        throw try await Supervisor(cluster: cluster, exporter: exporter, process: process).watch(signals)
    }

    /// Waits for the work to fail or for the user to stop it; nil in the second case.
    private static func outcome(of work: Task<Void, any Error>, unless signals: Signals, _ terminal: Terminal) async -> (any Error)? {
        let stopper = Task {
            for await signal in signals.stops {
                say("\nStopping (\(signal)).\n")
                work.cancel()
            }
        }
        let watcher = Task {
            try await waitUntil("the terminal is gone", timeout: forever) { terminal.isGone }
            work.cancel()
        }
        defer {
            stopper.cancel()
            watcher.cancel()
        }
        do {
            try await work.value
            return nil
        } catch {
            return work.isCancelled ? nil : error
        }
    }
}

/// The patience with what may never happen: it is the user who ends the demo.
let forever: Duration = .seconds(1_000_000_000)

/// Prints at once. A terminal that is gone is no reason to fail.
func say(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
}
