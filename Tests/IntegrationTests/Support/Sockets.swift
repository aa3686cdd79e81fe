#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Connections of a process, from /proc.
enum Sockets {
    /// Whether the exporter's can be seen: its memory and its descriptors are nobody's business but root's.
    static let areVisible = geteuid() == 0

    /// TCP connections to a port of this machine.
    static func count(of pid: Int32, to port: Int) -> Int {
        connections(of: pid).count { $0.remotePort == port }
    }

    /// Connections that a process has accepted on the port of this URL.
    static func count(of pid: Int32, listening url: String) -> Int {
        guard let port = url.split(separator: ":").last.flatMap({ Int($0) }) else { return 0 }
        return connections(of: pid).count { $0.localPort == port && $0.remotePort != 0 }
    }

    private static func connections(of pid: Int32) -> [(localPort: Int, remotePort: Int)] {
        let inodes = Set(descriptors(of: pid).filter { $0.hasPrefix("socket:[") }.map { String($0.dropFirst(8).dropLast()) })
        return ["/proc/\(pid)/net/tcp", "/proc/\(pid)/net/tcp6"].flatMap { path in
            (contents(of: path)).split(separator: "\n").dropFirst().compactMap { line in
                let fields = line.split(separator: " ")
                guard fields.count > 9, inodes.contains(String(fields[9])) else { return nil }
                return (port(fields[1]), port(fields[2]))
            }
        }
    }

    private static func port(_ address: Substring) -> Int {
        address.split(separator: ":").last.flatMap { Int($0, radix: 16) } ?? 0
    }

    private static func descriptors(of pid: Int32) -> [String] {
        guard let directory = opendir("/proc/\(pid)/fd") else { return [] }
        defer { closedir(directory) }
        var links: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            var target = [UInt8](repeating: 0, count: 256)
            let length = target.withUnsafeMutableBytes { buffer in
                readlink("/proc/\(pid)/fd/\(name)", buffer.baseAddress!.assumingMemoryBound(to: CChar.self), buffer.count)
            }
            if length > 0 { links.append(String(decoding: target.prefix(length), as: UTF8.self)) }
        }
        return links
    }

    private static func contents(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return String(decoding: text, as: UTF8.self) }
            text += buffer.prefix(count)
        }
    }
}
