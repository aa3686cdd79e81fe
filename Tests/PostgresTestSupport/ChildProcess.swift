import Foundation
import Synchronization

/// A program that runs beside the tests. It is ended at the latest when this process ends.
package final class ChildProcess: Sendable {
    /// What it is called in messages: the file name of the program.
    package let name: String
    /// Its process id.
    package let pid: Int32
    /// The file that its standard output and error go to.
    package let outputPath: String
    private let ended = Mutex<ExitStatus?>(nil)

    /// Starts a program. With a user, as that user; else as this process's. The environment is this process's without
    /// PostgreSQL's variables (a developer's PGHOST must not lead a test astray) and with the given ones. Output goes to
    /// the given file, which is appended to, else to a new one in the temporary root. `isServer` says that it is a
    /// PostgreSQL server, which is ended in its own way.
    package init(
        _ program: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        user: ServerUser? = nil,
        outputPath: String? = nil,
        isServer: Bool = false
    ) throws {
        let name = String(program.split(separator: "/").last ?? "")
        let path = outputPath ?? TemporaryRoot.uniquePath(name) + ".log"
        let output = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard output >= 0 else { throw SupportFailure("open \(path): \(String(cString: strerror(errno)))") }
        defer { close(output) }
        self.name = name
        self.outputPath = path
        self.pid = try Self.spawn(program, arguments, environment, user, (Spawn.nullDevice, output, output), isServer: isServer)
    }

    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        user: ServerUser?,
        input: FileHandle,
        output: FileHandle,
        error: FileHandle
    ) throws {
        name = String(program.split(separator: "/").last ?? "")
        outputPath = "/dev/null"
        let files = (input.fileDescriptor, output.fileDescriptor, error.fileDescriptor)
        pid = try Self.spawn(program, arguments, environment, user, files, isServer: false)
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ user: ServerUser?,
        _ files: (input: Int32, output: Int32, error: Int32),
        isServer: Bool
    ) throws -> pid_t {
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") || $0.key.hasPrefix("PGWAL_TEST") }
        // With another user the new variables are set after the change of user: a preloaded library (libfaketime) would
        // otherwise begin its work as root and find its own things closed to it later.
        let setting = user == nil || environment.isEmpty ? [] : ["/usr/bin/env"] + environment.map { "\($0.key)=\($0.value)" }
        let pid = try Spawn.start(
            (user?.prefix(in: TemporaryRoot.path) ?? []) + setting + [program] + arguments,
            environment: inherited.merging(["LC_ALL": "C"]) { $1 }.merging(user == nil ? environment : [:]) { $1 },
            input: files.input,
            output: files.output,
            error: files.error
        )
        Reaper.shared.register(pid: pid, isServer: isServer)
        return pid
    }

    /// How it ended, or nil while it runs.
    package var exitStatus: ExitStatus? {
        ended.withLock { ended in
            if let ended { return ended }
            var information = siginfo_t()
            guard waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0, information.si_signo != 0 else { return nil }
            Reaper.shared.forget(pid: pid)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            ended = ExitStatus(waitStatus: status)
            return ended
        }
    }

    /// Whether it still runs.
    package var isRunning: Bool { exitStatus == nil }

    /// What it has written so far.
    package var output: String {
        (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? ""
    }

    /// Sends it a signal, unless it has ended.
    package func send(signal number: Int32) {
        guard exitStatus == nil else { return }
        kill(pid, number)
    }

    /// Waits until it has ended by itself; a failure shows the end of its output.
    @discardableResult
    package func waitForExit(timeout: Duration = defaultPatience) async throws -> ExitStatus {
        let deadline = ContinuousClock.now + timeout
        while true {
            if let status = exitStatus { return status }
            guard ContinuousClock.now < deadline else {
                throw SupportFailure("\(name) has not ended within \(timeout); its output ends:\n\(output.suffix(2_000))")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Ends it: SIGTERM, and SIGKILL if that has no effect in time. Runs to its end also in a cancelled task.
    @discardableResult
    package func terminate(patience: Duration = .seconds(10)) async -> ExitStatus {
        send(signal: SIGTERM)
        send(signal: SIGCONT)
        if let status = await waitUncancelled(patience) { return status }
        send(signal: SIGKILL)
        return await waitUncancelled(.seconds(30)) ?? .signal(SIGKILL)
    }

    func waitUncancelled(_ patience: Duration) async -> ExitStatus? {
        await Task { try? await self.waitForExit(timeout: patience) }.value
    }
}
