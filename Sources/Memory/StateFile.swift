import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The state file on its disk. Every call may take as long as the disk does: for a thread that nobody waits for without a limit.
package final class StateFile: Sendable {
    package let path: String
    private let state = Mutex(State())

    private struct State {
        /// Of the file beside it that says whose it is; held as long as the process lives, however that ends.
        var lock: Int32?
        /// It must not be replaced: why.
        var refusal: String?
    }

    /// Why something failed, for the log: without a secret, in one line.
    package struct Failure: Error, Sendable, Hashable {
        package let text: String

        init(_ text: String) { self.text = text }

        init(_ action: String, code: Int32 = errno) {
            text = "\(action): \(String(cString: strerror(code)))"
        }
    }

    /// What came of reading it.
    package enum Loaded: Sendable {
        /// There is none, as at the first start.
        case missing
        case whole(Remembered)
        /// What is whole of it; `kept` tells what became of the file.
        case damaged(Remembered?, problem: String, kept: String)
        case unreadable(String)
    }

    package init(_ path: String) {
        self.path = path
    }

    /// Where a file goes that cannot be used as it is.
    package var pathAside: String { path + ".aside" }

    // MARK: - Reading

    package func load() -> Loaded {
        let bytes: [UInt8]
        do throws(Failure) {
            guard let read = try read() else { return .missing }
            bytes = read
        } catch {
            state.withLock { $0.refusal = error.text }
            return .unreadable(error.text)
        }
        let reading = StateReading(bytes)
        guard let problem = reading.problem else { return reading.state.map(Loaded.whole) ?? .missing }
        // Perhaps somebody named the wrong file: it is neither moved nor replaced. A file of zeros is what a power failure leaves.
        if problem == .foreign, bytes.contains(where: { $0 != 0 }) {
            state.withLock { $0.refusal = problem.text }
            return .damaged(nil, problem: problem.text, kept: "it stays where it is, and nothing is written there")
        }
        do throws(Failure) {
            // Another process may be about to write it.
            try lock()
        } catch {
            return .damaged(reading.state, problem: problem.text, kept: "it stays where it is: \(error.text)")
        }
        guard rename(path, pathAside) == 0 else {
            let failure = Failure("it cannot be set aside")
            state.withLock { $0.refusal = failure.text }
            return .damaged(reading.state, problem: problem.text, kept: failure.text)
        }
        return .damaged(reading.state, problem: problem.text, kept: "it is kept as \(pathAside)")
    }

    /// What stands in it, for a look from outside: it stays as it is. nil: there is no such file.
    package func peek() throws(Failure) -> StateReading? {
        try read().map(StateReading.init)
    }

    /// nil: there is no such file.
    private func read() throws(Failure) -> [UInt8]? {
        // A pipe must not be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure("it cannot be opened")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Failure("it cannot be looked at") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure("it is no regular file") }
        guard status.st_size <= StateReading.mostBytes else { throw Failure("it is too large to be one") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress! + length, $0.count - length, off_t(length)) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure("it cannot be read") }
            if count == 0 { break }
            length += count
        }
        bytes.removeLast(bytes.count - length)
        return bytes
    }

    // MARK: - Writing

    /// Replaces the file at once by what `content` hands over piece by piece; whatever happens meanwhile, there is the former one or the new one.
    package func write(_ content: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws {
        try lock()
        let beside = path + ".new"
        let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw Failure("\(beside) cannot be written") }
        var isOpen = true
        defer { if isOpen { close(file) } }
        do {
            try content { try Self.write($0, to: file) }
            guard fsync(file) == 0 else { throw Failure("\(beside) cannot be written") }
            isOpen = false
            guard close(file) == 0 else { throw Failure("\(beside) cannot be written") }
            guard rename(beside, path) == 0 else { throw Failure("it cannot be replaced") }
        } catch {
            unlink(beside)
            throw error
        }
        syncFolder()
    }

    private static func write(_ bytes: [UInt8], to file: Int32) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = systemWrite(file, rest.base.baseAddress! + rest.startIndex, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Failure("it cannot be written") }
                rest = rest.dropFirst(count)
            }
        }
    }

    // `write` alone would be looked up as the methods above.
    private static func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Darwin)
            Darwin.write(file, bytes, count)
        #else
            Glibc.write(file, bytes, count)
        #endif
    }

    /// The rename shall survive a power failure too. Where a folder cannot be synced, the system does what it does.
    private func syncFolder() {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let file = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard file >= 0 else { return }
        fsync(file)
        close(file)
    }

    /// Two processes must not take turns in writing one file. The lock is on a file of its own, because the state file is replaced.
    private func lock() throws(Failure) {
        let failure: Failure? = state.withLock { state in
            if let refusal = state.refusal { return Failure(refusal) }
            guard state.lock == nil else { return nil }
            let file = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { return Failure("\(path).lock cannot be opened") }
            guard flock(file, LOCK_EX | LOCK_NB) != 0 else {
                state.lock = file
                return nil
            }
            let code = errno
            close(file)
            // A file system without locks is no reason to forget everything.
            return code == EWOULDBLOCK ? Failure("another process writes it") : nil
        }
        if let failure { throw failure }
    }

    deinit {
        state.withLock { if let lock = $0.lock { _ = close(lock) } }
    }
}
