import PostgresTestSupport

/// Stops the threads of a process whose names begin so, as a debugger does, until it is thawed: a loop that does not turn.
final class FrozenThread: Sendable {
    private let debugger: ChildProcess

    init(_ name: String, of process: ChildProcess) async throws {
        debugger = try ChildProcess("python3", ["-c", Self.script, "\(process.pid)", name])
        try await waitUntil("the thread \(name) is frozen") { [debugger] in
            guard debugger.isRunning else { throw SupportFailure("cannot freeze: \(debugger.output)") }
            return debugger.output.contains("frozen")
        }
    }

    /// Lets it go on: the kernel does that when its debugger ends.
    func thaw() async {
        debugger.send(signal: 9)
        _ = try? await debugger.waitForExit()
    }

    private static let script = """
        import ctypes, os, sys, time
        process, name = sys.argv[1:]
        folder = f"/proc/{process}/task"
        def called(thread):
            try:
                return open(f"{folder}/{thread}/comm").read()
            except (FileNotFoundError, ProcessLookupError):
                return ""  # It has ended since it was listed.
        threads = [int(thread) for thread in os.listdir(folder) if called(thread).startswith(name)]
        if not threads: sys.exit(f"no thread {name}")
        ptrace = ctypes.CDLL(None, use_errno=True).ptrace
        PTRACE_SEIZE, PTRACE_INTERRUPT, WALL = 0x4206, 0x4207, 0x40000000
        for thread in threads:
            for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
                if ptrace(request, thread, None, None) != 0: sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")
        print("frozen", flush=True)
        while threads:
            for thread in list(threads):
                # A traced thread that has ended is kept until its tracer has heard of it.
                found, status = os.waitpid(thread, WALL | os.WNOHANG)
                if found and (os.WIFEXITED(status) or os.WIFSIGNALED(status)): threads.remove(thread)
            time.sleep(0.02)
        """
}
