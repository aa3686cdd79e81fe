import Foundation
import Synchronization

/// Ends the children of this process and removes its directories when it is gone, however it ended, SIGKILL included.
///
/// It is a shell that reads from a pipe what there is to clean up. The kernel closes the pipe when this process ends, and
/// that is the sign. Should the shell be killed, the next registration ends this process by SIGPIPE: rather that than
/// servers nobody ends.
final class Reaper: Sendable {
    static let shared = Reaper()

    private let pipe: Mutex<FileHandle?>
    private let pid: pid_t

    private init() {
        let null = Spawn.nullDevice
        let pipe = Pipe()
        do {
            pid = try Spawn.start(
                ["/bin/sh", "-c", Self.script, "pgwal-reaper"],
                environment: ["PATH": "/usr/bin:/bin"],
                input: pipe.fileHandleForReading.fileDescriptor,
                output: null,
                error: null
            )
        } catch {
            fatalError("no reaper, so no servers: \(error)")
        }
        self.pipe = Mutex(pipe.fileHandleForWriting)
    }

    /// A server is ended by SIGQUIT, PostgreSQL's immediate stop; others, whom that may make dump core, by SIGTERM.
    func register(pid: pid_t, isServer: Bool) { tell("\(isServer ? "QUIT" : "TERM") \(pid)") }
    /// To be called before the process is waited for: after that its number may belong to somebody else.
    func forget(pid: pid_t) { tell("ended \(pid)") }
    func register(directory: String) { tell("dir \(directory)") }

    /// Has everything cleaned up now and waits until that is done; nothing can be started afterwards.
    func finish() {
        pipe.withLock { handle in
            try? handle?.close()
            handle = nil
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    }

    private func tell(_ line: String) {
        pipe.withLock { handle in
            try? handle?.write(contentsOf: Data("\(line)\n".utf8))
        }
    }

    /// A frozen server must be woken, its children too, as they would otherwise stay frozen for ever. A zombie counts as
    /// ended: not every container has an init that collects them.
    private static let script = """
        trap '' HUP INT QUIT TERM TSTP
        pids=' ' servers=' ' dirs=''
        while read -r what value; do
          case $what in
            QUIT) pids="$pids$value " servers="$servers$value " ;;
            TERM) pids="$pids$value " ;;
            ended) case $pids in *" $value "*) pids="${pids%%" $value "*} ${pids#*" $value "}" ;; esac ;;
            dir) dirs="$dirs $value" ;;
          esac
        done
        running() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
        for p in $pids; do
          children=$(cat "/proc/$p/task/$p/children" 2>/dev/null)
          case $servers in *" $p "*) kill -QUIT "$p" ;; *) kill -TERM "$p" ;; esac
          for q in $children $p; do kill -CONT "$q"; done
        done
        for p in $pids; do
          tries=0
          while running "$p" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
          running "$p" && kill -KILL "$p"
        done
        for d in $dirs; do
          tries=0
          until rm -rf "$d" || [ $tries -ge 20 ]; do sleep 0.1; tries=$((tries + 1)); done
        done
        """
}

/// Ends all servers and other children that the harness started and removes their files. For programs that want to leave
/// nothing behind when they return; tests need not call it. Nothing can be started afterwards.
package func endEverything() {
    Reaper.shared.finish()
    // They were our children, so it is for us to collect them.
    while waitpid(-1, nil, WNOHANG) > 0 {}
}
