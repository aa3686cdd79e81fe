import Dispatch
import Postgres
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Lines on their way to standard error, which a thread of its own writes: nobody who logs waits for the log's reader.
///
/// A reader that is stuck costs the lines that do not fit any more. They are counted, and told in their place when it reads again.
final class LogQueue: Sendable {
    /// The log of this process.
    static let standardError = LogQueue()

    /// Both bound what waits. The writer holds at most as much again.
    private static let maximumLines = 1_000
    private static let maximumBytes = 256 * 1024

    private struct State {
        var lines: [[UInt8]] = []
        var bytes = 0
        /// In all.
        var dropped = 0
        /// Of these, those that no line has told of yet.
        var untold = 0
        var hasWriter = false
        /// From the first line on until the writer has found nothing more.
        var isWriting = false
        /// How many wait for the writer to be done.
        var waiting = 0
        /// The line that tells how many were dropped.
        var told: (@Sendable (Int) -> [UInt8])?
    }

    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    /// Starts the writer. Without one (before this, or when the system refuses another thread) who logs writes, and waits.
    /// - Parameter told: the line that says how many lines were dropped.
    func start(told: @escaping @Sendable (Int) -> [UInt8]) {
        let isNew = state.withLock { state in
            defer { state.hasWriter = true }
            state.told = told
            return !state.hasWriter
        }
        guard isNew, !BackgroundThread.start(name: "pgwal-log", { self.write() }) else { return }
        state.withLock { $0.hasWriter = false }
    }

    /// Lines that the log's reader never got, since the start.
    var dropped: Int { state.withLock(\.dropped) }

    /// Hands a line over. Never waits, except without a writer.
    func append(_ line: [UInt8]) {
        enum Next { case wake, write, nothing }
        let next: Next = state.withLock { state in
            guard state.hasWriter else { return .write }
            guard state.lines.count < Self.maximumLines, state.bytes + line.count <= Self.maximumBytes else {
                state.dropped += 1
                state.untold += 1
                return .nothing
            }
            state.lines.append(line)
            state.bytes += line.count
            defer { state.isWriting = true }
            return state.isWriting ? .nothing : .wake
        }
        switch next {
        case .wake: work.signal()
        case .write: _ = StandardOutput.write(line, to: STDERR_FILENO)
        case .nothing: break
        }
    }

    /// Waits until all is written, or until the time is over.
    func flush(within limit: Duration) {
        let mustWait = state.withLock { state in
            if state.isWriting { state.waiting += 1 }
            return state.isWriting
        }
        if mustWait { _ = done.wait(timeout: .now() + limit / .seconds(1)) }
    }

    // MARK: - The writer

    private func write() {
        while true {
            work.wait()
            while let lines = take() {
                for (index, line) in lines.enumerated() where !StandardOutput.write(line, to: STDERR_FILENO) {
                    // Nobody reads any more, or the disk is full: what is left of this batch would fare no better.
                    lose(lines.count - index)
                    break
                }
            }
        }
    }

    /// All that waits; nil when nothing does. What was dropped came after it, for only a full queue drops.
    private func take() -> [[UInt8]]? {
        state.withLock { state in
            guard !state.lines.isEmpty else {
                state.isWriting = false
                for _ in 0..<state.waiting { done.signal() }
                state.waiting = 0
                return nil
            }
            var lines: [[UInt8]] = []
            swap(&lines, &state.lines)
            state.bytes = 0
            if state.untold > 0, let told = state.told {
                lines.append(told(state.untold))
                state.untold = 0
            }
            return lines
        }
    }

    private func lose(_ count: Int) {
        state.withLock { state in
            state.dropped += count
            state.untold += count
        }
    }
}
