package import MetricCatalog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension ExporterReport.ProcessUsage {
    /// This process now, from /proc and getrusage. On systems without /proc only the CPU time is known.
    package static func current() -> Self {
        var usage = Self()
        var resources = rusage()
        #if canImport(Darwin)
            let ourselves = RUSAGE_SELF
        #else
            let ourselves = __rusage_who_t(RUSAGE_SELF.rawValue)
        #endif
        if getrusage(ourselves, &resources) == 0 {
            usage.cpuSeconds = seconds(resources.ru_utime) + seconds(resources.ru_stime)
        }
        var limit = rlimit()
        #if canImport(Darwin)
            let descriptors = RLIMIT_NOFILE
        #else
            let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        if getrlimit(descriptors, &limit) == 0 { usage.maxFileDescriptors = Int64(clamping: limit.rlim_cur) }
        usage.openFileDescriptors = countEntries(of: "/proc/self/fd")
        if let fields = statFields() {
            usage.threads = fields.count > 17 ? Int64(fields[17]) : nil
            usage.virtualBytes = fields.count > 20 ? Int64(fields[20]) : nil
            usage.residentBytes = fields.count > 21 ? Int64(fields[21]).map { $0 * Int64(sysconf(Int32(_SC_PAGESIZE))) } : nil
        }
        usage.startTime = start
        return usage
    }

    /// Read once: it does not change, and what it is reckoned from is rounded, so that it would seem to.
    private static let start = startTime(ticks: statFields().flatMap { $0.count > 19 ? Double($0[19]) : nil })

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }

    /// Not counting `.`, `..` and the descriptor that reads the directory.
    private static func countEntries(of path: String) -> Int64? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var count: Int64 = -3
        while readdir(directory) != nil { count += 1 }
        return count
    }

    /// The fields of /proc/self/stat that follow the command's name, which may hold anything: `state` is the first.
    private static func statFields() -> [Substring]? {
        guard let text = contents(of: "/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        return text[text.index(after: end)...].split(separator: " ")
    }

    private static func startTime(ticks: Double?) -> Double? {
        guard let ticks, let uptime = contents(of: "/proc/uptime")?.split(separator: " ").first.flatMap({ Double($0) }) else { return nil }
        let age = uptime - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        return (WallClock.now() - age).rounded(.down)
    }

    private static func contents(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = read(file, buffer.baseAddress, buffer.count)
            return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
        }
    }
}
