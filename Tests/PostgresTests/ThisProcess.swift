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
