import Dispatch
import Foundation

/// The signals that mean something to the demo. None of them ends the process by itself, so that it can clean up.
final class Signals: Sendable {
    /// One element for each Ctrl-C, SIGTERM or loss of the terminal.
    let stops: AsyncStream<String>
    /// One element for each SIGUSR1: the user wants the standby started again.
    let restarts: AsyncStream<String>

    // They only have to be kept alive.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        let (stops, stop) = AsyncStream.makeStream(of: String.self)
        let (restarts, restart) = AsyncStream.makeStream(of: String.self)
        self.stops = stops
        self.restarts = restarts
        let meanings = [
            (SIGINT, "Ctrl-C", stop), (SIGTERM, "SIGTERM", stop), (SIGHUP, "the terminal is gone", stop), (SIGUSR1, "SIGUSR1", restart),
        ]
        sources = meanings.map { number, name, continuation in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(name) }
            source.resume()
            return source
        }
        signal(SIGPIPE, SIG_IGN)
    }
}
