import Foundation

/// Whom servers run as. PostgreSQL refuses root, so root starts them as `postgres`, or as `nobody` where that is absent.
package struct ServerUser: Sendable {
    let uid: uid_t
    let gid: gid_t

    /// The account for servers; nil when this process is not root and they simply run as itself.
    package static let unprivileged: ServerUser? = {
        guard getuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name) { return ServerUser(uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid) }
        }
        return nil
    }()

    /// What to put before a command to run it as this user in a directory that the user may enter. `env` and `setpriv`
    /// replace themselves by the command, so the process id stays that of the command.
    package func prefix(in directory: String) -> [String] {
        ["/usr/bin/env", "-C", directory, "setpriv", "--reuid=\(uid)", "--regid=\(gid)", "--clear-groups", "--"]
    }

    /// Makes this user the owner of a file.
    func own(_ path: String) throws {
        guard chown(path, uid, gid) == 0 else { throw SupportFailure("chown \(path): \(String(cString: strerror(errno)))") }
    }
}
