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

    /// nil when there is nothing to see from here, or it takes longer than `limit`: a network filesystem may hang, which must cost
    /// neither the exporter's threads nor a scrape.
    ///
    /// While an earlier look still hangs, there is no other.
    func read(_ place: Place, within limit: Duration) async -> WALFilesystem? {
        guard
            isLooking.withLock({ isLooking in
                defer { isLooking = true }
                return !isLooking
            })
        else { return nil }
        let answer = Task<WALFilesystem?, Never>.detached {
            await withCheckedContinuation { continuation in
                let isStarted = BackgroundThread.start(name: "pgwal-statvfs") {
                    let filesystem = Self.look(place)
                    self.isLooking.withLock { $0 = false }
                    continuation.resume(returning: filesystem)
                }
                if !isStarted {
                    self.isLooking.withLock { $0 = false }
                    continuation.resume(returning: nil)
                }
            }
        }
        return await answer.value(until: .now + limit) ?? nil
    }

    private static func look(_ place: Place) -> WALFilesystem? {
        switch place {
        case .directory(let path):
            return statistics(of: path)
        case .dataDirectory(let path, let start):
            guard let written = postmasterStart(in: path), abs(written - start) < 5 else { return nil }
            return statistics(of: path + "/pg_wal")
        }
    }

    private static func statistics(of path: String) -> WALFilesystem? {
        var information = statvfs()
        guard statvfs(path, &information) == 0 else { return nil }
        let block = UInt64(information.f_frsize)
        return WALFilesystem(
            sizeBytes: Int64(clamping: UInt64(information.f_blocks).multipliedReportingOverflow(by: block).partialValue),
            availableBytes: Int64(clamping: UInt64(information.f_bavail).multipliedReportingOverflow(by: block).partialValue)
        )
    }

    /// The third line of postmaster.pid.
    private static func postmasterStart(in dataDirectory: String) -> Double? {
        let file = open(dataDirectory + "/postmaster.pid", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
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
