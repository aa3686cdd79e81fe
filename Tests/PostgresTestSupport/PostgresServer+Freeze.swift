import Foundation

extension PostgresServer {
    /// Stops all its processes where they are (SIGSTOP): connections stay open, and nothing answers any more.
    package func freeze() {
        guard let pid else { return }
        // The postmaster first, so that no child is added; the list is still read until it no longer changes.
        kill(pid, SIGSTOP)
        var frozen: Set<Int32> = []
        while true {
            let added = Set(children(of: pid)).subtracting(frozen)
            if added.isEmpty { return }
            for child in added { kill(child, SIGSTOP) }
            frozen.formUnion(added)
        }
    }

    /// Lets a frozen server go on.
    package func thaw() {
        guard let pid else { return }
        for child in children(of: pid) { kill(child, SIGCONT) }
        kill(pid, SIGCONT)
    }

    /// The process ids of its backends and background processes (Linux only).
    package var childPIDs: [Int32] {
        pid.map(children) ?? []
    }

    private func children(of pid: Int32) -> [Int32] {
        // Files in /proc say that they are empty, and what believes that stops reading after a page.
        let file = FileHandle(forReadingAtPath: "/proc/\(pid)/task/\(pid)/children")
        let text = (try? file?.readToEnd()).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: " ").compactMap { Int32($0) }
    }
}
