#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Standard input, output and error, as this process was handed them.
enum StandardDescriptors {
    /// Opens those that are closed on /dev/null. Else a socket or a file of ours would get their number, and the log's lines, or
    /// those of a library, with it. To be called before anything else is opened.
    static func fill() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest number that is free is taken, and that is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
        }
    }

    /// Makes writing to standard error never wait, whoever in this process writes: libpq complains there about password files.
    ///
    /// The mode belongs to the open file, which we share with whoever started us; so the same pipe or terminal is opened once more. Where
    /// that is not possible (a socket, or a pipe of another user) things stay as they are. A plain file makes nobody wait.
    static func unblockStandardError() {
        #if os(Linux)
            var status = stat()
            guard fstat(STDERR_FILENO, &status) == 0, [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT) else { return }
            let own = open("/proc/self/fd/\(STDERR_FILENO)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
            guard own >= 0 else { return }
            dup2(own, STDERR_FILENO)
            close(own)
        #endif
    }
}
