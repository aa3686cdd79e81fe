import Foundation

/// Starts a program with exactly three open files, in a process group of its own and with untouched signals.
///
/// Foundation's `Process` is not used: it hands some of its own descriptors on to the children.
enum Spawn {
    /// /dev/null. Opened until its number is above 2: where this process was started with standard input closed, files
    /// opened later would else take its place and be confused with the children's.
    static let nullDevice: Int32 = {
        while true {
            let descriptor = open("/dev/null", O_RDWR | O_CLOEXEC)
            if descriptor > 2 || descriptor < 0 { return descriptor }
        }
    }()

    static func start(
        _ command: [String],
        environment: [String: String],
        input: Int32,
        output: Int32,
        error: Int32
    ) throws -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
            let platformFlags = POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
            let platformFlags: Int32 = 0
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }

        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, error, 2)
        #if !canImport(Darwin)
            // Others in this process may hold descriptors without close-on-exec. Closing one that is gone by then is no error.
            for descriptor in openDescriptors() where descriptor > 2 {
                posix_spawn_file_actions_addclose(&actions, descriptor)
            }
        #endif

        // Ctrl-C in the terminal is for this process, which then ends its children in order.
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGCHLD, SIGTTOU, SIGTSTP] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | platformFlags
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))

        let variables = environment.map { "\($0.key)=\($0.value)" }
        return try withCStrings(command) { arguments in
            try withCStrings(variables) { environment in
                var pid: pid_t = 0
                let code = posix_spawnp(&pid, command[0], &actions, &attributes, arguments, environment)
                guard code == 0 else { throw SupportFailure("cannot start \(command[0]): \(String(cString: strerror(code)))") }
                return pid
            }
        }
    }

    private static func openDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")) ?? []
        return names.compactMap { Int32($0) }
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) throws -> Result
    ) rethrows -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return try pointers.withUnsafeMutableBufferPointer { try body($0.baseAddress!) }
    }
}
