import Foundation
import Synchronization

extension PostgresServer {
    /// The ways to stop a server.
    package enum StopMode: Sendable {
        /// Waits for the sessions to end.
        case smart
        /// Ends the sessions, writes a checkpoint, and lets the standbys have everything.
        case fast
        /// At once, without a checkpoint, as in a crash.
        case immediate

        var signal: Int32 {
            switch self {
            case .smart: SIGTERM
            case .fast: SIGINT
            case .immediate: SIGQUIT
            }
        }
    }

    /// Starts the server and waits until it accepts connections (with `hot_standby=off`: until it is in recovery).
    package func start(timeout: Duration = defaultPatience) async throws {
        for attempt in 1...5 {
            let logBefore = log.utf8.count
            do {
                return try await startOnce(timeout: timeout)
            } catch {
                let news = String(decoding: log.utf8.dropFirst(logBefore), as: UTF8.self)
                guard attempt < 5, news.contains("Address already in use") else { throw error }
                // Somebody who knows nothing of reservations took the port between its test and the start.
                let reservation = try PortReservation()
                state.withLock { $0.reservation = reservation }
            }
        }
    }

    private func startOnce(timeout: Duration) async throws {
        guard !isRunning else { throw SupportFailure("\(name) already runs") }
        try writeConfiguration()
        let process = try ChildProcess(
            installation.tool("postgres"),
            ["-D", dataDirectory],
            environment: environment,
            user: .unprivileged,
            outputPath: logPath,
            isServer: true
        )
        state.withLock { $0.process = process }
        do {
            // "standby" is the last word only of a server that lets nobody in while it recovers.
            let goal: Set = awaitsConnections ? ["ready"] : ["ready", "standby"]
            let status = try await poll("\(name) starts", timeout: timeout, every: .milliseconds(10)) {
                process.isRunning ? postmasterStatus(of: process) : "ended"
            } until: {
                goal.contains($0) || $0 == "ended"
            }
            guard goal.contains(status) else { throw SupportFailure("\(name) did not start") }
        } catch {
            await process.terminate()
            throw SupportFailure("\(error); its log ends:\n\(logTail())")
        }
    }

    /// Stops the server, and its helpers with it. One that does not stop in time is stopped by force and reported.
    package func stop(_ mode: StopMode = .fast, timeout: Duration = defaultPatience) async throws {
        await stopHelpers()
        guard let process = state.withLock(\.process) else { return }
        process.send(signal: mode.signal)
        if await process.waitUncancelled(timeout) != nil { return }
        process.send(signal: SIGQUIT)
        thaw()
        await process.terminate()
        throw SupportFailure("\(name) did not stop (\(mode)) within \(timeout); its log ends:\n\(logTail())")
    }

    /// Stops and starts it.
    package func restart(_ mode: StopMode = .fast) async throws {
        try await stop(mode)
        try await start()
    }

    /// Stops it as a crash would.
    package func crash() async throws {
        try await stop(.immediate)
    }

    /// Makes a standby a primary, and waits until it is one.
    package func promote() async throws {
        try await execute("SELECT pg_promote(false)")
        _ = try await poll("\(name) is promoted", read: { try await psql("SELECT pg_is_in_recovery()") }, until: { $0 == "f" })
    }

    /// Ends the server and removes its files.
    package func remove() async {
        thaw()
        try? await stop(.immediate, timeout: .seconds(10))
        await stopForeignPostmaster()
        // A backend may need a moment more than the postmaster. In a task of its own, as ours may have been cancelled.
        await Task {
            try? await waitUntil("the files of \(name) are removed", timeout: .seconds(5)) {
                try FileManager.default.removeItem(atPath: directory)
                return true
            }
        }.value
    }

    /// Ends a postmaster that somebody else started on our data directory, as a user of the demo may do with pg_ctl.
    private func stopForeignPostmaster() async {
        let lockFile = try? String(contentsOfFile: "\(dataDirectory)/postmaster.pid", encoding: .utf8)
        guard let pid = lockFile?.split(separator: "\n").first.flatMap({ Int32($0) }) else { return }
        // The file may be an old one and the number somebody else's by now; a postmaster sits in its data directory.
        let place = "/proc/\(pid)/cwd"
        guard (try? FileManager.default.destinationOfSymbolicLink(atPath: place)) == dataDirectory else { return }
        kill(pid, SIGQUIT)
        try? await waitUntil("\(name) ends", timeout: .seconds(10)) { kill(pid, 0) != 0 }
    }

    private var awaitsConnections: Bool {
        state.withLock { $0.settings.chosen["hot_standby"] } != "off"
    }

    /// The eighth line of postmaster.pid: starting, stopping, ready, or standby (in recovery, no connections yet).
    private func postmasterStatus(of process: ChildProcess) -> String {
        let text = (try? String(contentsOfFile: "\(dataDirectory)/postmaster.pid", encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 8, lines[0] == "\(process.pid)" else { return "starting" }
        return lines[7].trimmingCharacters(in: .whitespaces)
    }
}
