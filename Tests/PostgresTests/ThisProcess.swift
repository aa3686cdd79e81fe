import Foundation

/// How many sockets of this machine that a process holds are connected, or connecting, to a TCP port of 127.0.0.1 (Linux only).
func openSockets(to port: Int) -> Int {
    // Not by a call that asks for the file's size first: it is 0, and only the first page would be read.
    let table = try? FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/net/tcp")).readToEnd()
    let text = String(decoding: table ?? Data(), as: UTF8.self)
    let peer = "0100007F:" + String(format: "%04X", port)
    return text.split(separator: "\n").count { line in
        let fields = line.split(separator: " ", omittingEmptySubsequences: true)
        // The tenth field is the inode: 0 for what the kernel only winds up.
        return fields.count > 9 && fields[2] == peer && fields[9] != "0"
    }
}

/// How many threads of this process have a name (Linux only).
func threads(named name: String) -> Int {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return tasks.count { (try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)) == name + "\n" }
}

/// Lowers this process's soft limit of open files for good: what is usual in production is enough for all tests.
func limitDescriptors(to count: UInt64) {
    #if canImport(Darwin)
        let resource = RLIMIT_NOFILE
    #else
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #endif
    var limit = rlimit()
    getrlimit(resource, &limit)
    limit.rlim_cur = min(limit.rlim_cur, rlim_t(count))
    setrlimit(resource, &limit)
}

/// Lets ``peakMemory()`` begin anew (Linux only).
func resetPeakMemory() {
    let file = try? FileHandle(forWritingTo: URL(fileURLWithPath: "/proc/self/clear_refs"))
    try? file?.write(contentsOf: Data("5".utf8))
    try? file?.close()
}

/// The memory that this process has had resident at most since the last ``resetPeakMemory()``, in bytes (Linux only).
func peakMemory() -> Int {
    let status = try? FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/status")).readToEnd()
    let line = String(decoding: status ?? Data(), as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line.flatMap { Int($0.split(separator: " ", omittingEmptySubsequences: true).dropLast().last ?? "") } ?? 0) * 1024
}
