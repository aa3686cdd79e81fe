import Foundation

extension ChildProcess {
    /// What a command that has ended left.
    package struct Outcome: Sendable {
        /// How it ended.
        package let status: ExitStatus
        /// Its standard output.
        package let output: String
        /// Its standard error.
        package let errors: String
    }

    /// Runs a short command to its end, which must come in time.
    package static func run(
        _ program: String,
        _ arguments: [String] = [],
        input: String = "",
        environment: [String: String] = [:],
        user: ServerUser? = nil,
        timeout: Duration = defaultPatience
    ) async throws -> Outcome {
        let open = TemporaryRoot.openAnonymousFile
        let files = try (input: open(), output: open(), error: open())
        try files.input.write(contentsOf: Data(input.utf8))
        try files.input.seek(toOffset: 0)
        let process = try ChildProcess(
            program,
            arguments,
            environment: environment,
            user: user,
            input: files.input,
            output: files.output,
            error: files.error
        )
        do {
            let status = try await process.waitForExit(timeout: timeout)
            return Outcome(status: status, output: try text(of: files.output), errors: try text(of: files.error))
        } catch {
            process.send(signal: SIGKILL)
            _ = await process.waitUncancelled(.seconds(10))
            throw SupportFailure("\(process.name) \(arguments.joined(separator: " ")): \(error)\n\((try? text(of: files.error)) ?? "")")
        }
    }

    /// Runs a short command that must succeed, and returns its standard output.
    @discardableResult
    package static func check(
        _ program: String,
        _ arguments: [String] = [],
        input: String = "",
        environment: [String: String] = [:],
        user: ServerUser? = nil,
        timeout: Duration = defaultPatience
    ) async throws -> String {
        let outcome = try await run(program, arguments, input: input, environment: environment, user: user, timeout: timeout)
        guard outcome.status == .code(0) else {
            let command = "\(program) \(arguments.joined(separator: " "))"
            throw SupportFailure("\(command): \(outcome.status)\n\(outcome.errors)\(outcome.output.suffix(2_000))")
        }
        return outcome.output
    }

    private static func text(of file: FileHandle) throws -> String {
        try file.seek(toOffset: 0)
        return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    }
}
