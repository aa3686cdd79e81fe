import Foundation

/// Takes the terminal for this process alone, so that Ctrl-C reaches the demo and not `make`, which would report an error
/// for what is the normal end of a demo.
struct Terminal: Sendable {
    private let previousGroup: pid_t?
    private let wasTerminal = isatty(0) == 1

    init() {
        let group = getpgrp()
        guard wasTerminal, tcgetpgrp(0) == group, group != getpid(), setpgid(0, 0) == 0 else {
            previousGroup = nil
            return
        }
        // SIGTTOU: else the next line would stop this process, still in the background. SIGTSTP: Ctrl-Z would stop the demo
        // alone, and nobody would be there to let it go on.
        signal(SIGTTOU, SIG_IGN)
        signal(SIGTSTP, SIG_IGN)
        tcsetpgrp(0, getpid())
        previousGroup = group
    }

    /// Whether there was a terminal and it has been closed. The kernel tells only the leader of its session by SIGHUP, and
    /// when that is `make`, as under `ssh -t`, it waits for the demo.
    var isGone: Bool {
        guard wasTerminal else { return false }
        var input = pollfd(fd: 0, events: 0, revents: 0)
        return poll(&input, 1, 0) == 1 && Int32(input.revents) & (POLLHUP | POLLERR) != 0
    }

    func giveBack() {
        if let previousGroup { tcsetpgrp(0, previousGroup) }
    }
}
