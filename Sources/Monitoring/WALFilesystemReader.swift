import Postgres
import ReplicationModel
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Looks at the filesystem of a server that runs on this machine. One look at a time.
final class WALFilesystemReader: Sendable {
    private let isLooking = Mutex(false)

    /// Where to look.
    enum Place: Sendable, Hashable {
        /// As configured.
        case directory(String)
        /// The server's own data directory, if a server that was started at this time (Unix seconds) lives there: the same path exists
        /// on every machine of a cluster.
        case dataDirectory(String, postmasterStart: Double)
    }

    /// What came of a look.
    enum Sight: Sendable, Hashable {
        case filesystem(WALFilesystem)
        case problem(WALFilesystemProblem.Reason)
        /// The server does not live here.
        case elsewhere
    }

    /// Waits no longer than `limit`: a network filesystem may hang, which must cost neither the exporter's threads nor a scrape.
    ///
    /// While an earlier look still hangs, there is no other.
    func read(_ place: Place, within limit: Duration) async -> Sight {
        guard
            isLooking.withLock({ isLooking in
                defer { isLooking = true }
                return !isLooking
            })
        else { return .problem(.timeout) }
        let answer = Task<Sight, Never>.detached {
            await withCheckedContinuation { continuation in
                let isStarted = BackgroundThread.start(name: "pgwal-statvfs") {
                    let sight = Self.look(place)
                    self.isLooking.withLock { $0 = false }
                    continuation.resume(returning: sight)
                }
                if !isStarted {
                    self.isLooking.withLock { $0 = false }
                    continuation.resume(returning: .problem(.error))
                }
            }
        }
        return await answer.value(until: .now + limit) ?? .problem(.timeout)
    }

    private static func look(_ place: Place) -> Sight {
        switch place {
        case .directory(let path):
            return statistics(of: path)
        case .dataDirectory(let path, let start):
            let file = open(path + "/postmaster.pid", O_RDONLY | O_CLOEXEC)
            // Only that somebody's directory is there and closed to us is a problem: without it, the server lives elsewhere.
            guard file >= 0 else { return errno == EACCES ? .problem(.permission) : .elsewhere }
            defer { close(file) }
            guard let written = postmasterStart(in: file), abs(written - start) < 5 else { return .elsewhere }
            return statistics(of: path + "/pg_wal")
        }
    }

    private static func statistics(of path: String) -> Sight {
        var information = statvfs()
        guard statvfs(path, &information) == 0 else {
            switch errno {
            case EACCES: return .problem(.permission)
            case ENOENT, ENOTDIR: return .problem(.missing)
            default: return .problem(.error)
            }
        }
        let block = UInt64(information.f_frsize)
        return .filesystem(
            WALFilesystem(
                sizeBytes: Int64(clamping: UInt64(information.f_blocks).multipliedReportingOverflow(by: block).partialValue),
                availableBytes: Int64(clamping: UInt64(information.f_bavail).multipliedReportingOverflow(by: block).partialValue)
            )
        )
    }

    /// The third line of postmaster.pid.
    private static func postmasterStart(in file: Int32) -> Double? {
        let text = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            String(decoding: buffer.prefix(max(systemRead(file, buffer), 0)), as: UTF8.self)
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count > 2 ? Double(lines[2]) : nil
    }

    // `read` alone would be looked up as the method above.
    private static func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.read(file, buffer.baseAddress, buffer.count)
        #else
            Glibc.read(file, buffer.baseAddress, buffer.count)
        #endif
    }
}
