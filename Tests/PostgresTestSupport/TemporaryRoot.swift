import Foundation
import Synchronization

/// The one directory that holds all files of this process's servers; the reaper removes it when the process has ended.
package enum TemporaryRoot {
    private static let counter = Atomic<Int>(0)

    /// Its path. Always in /tmp, whatever TMPDIR says: the path of a Unix socket must be shorter than some 100 bytes.
    package static let path: String = {
        var template = Array("/tmp/pgwal-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { fatalError("mkdtemp in /tmp: \(String(cString: strerror(errno)))") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The servers' user must be able to pass through.
        chmod(path, 0o711)
        Reaper.shared.register(directory: path)
        return path
    }()

    /// A name of its own for a file or directory of this process.
    package static func uniquePath(_ stem: String) -> String {
        "\(path)/\(stem)-\(counter.add(1, ordering: .relaxed).newValue)"
    }

    /// A new directory that only the servers' user (and root) may enter.
    package static func makeDirectory(_ stem: String) throws -> String {
        let directory = uniquePath(stem)
        try makePrivateDirectory(directory)
        return directory
    }

    static func makePrivateDirectory(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 else { throw SupportFailure("mkdir \(path): \(String(cString: strerror(errno)))") }
        try ServerUser.unprivileged?.own(path)
    }

    /// An open file without a name, for the input or output of a short command: no pipe, so nobody can block.
    static func openAnonymousFile() throws -> FileHandle {
        let name = uniquePath("io")
        let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SupportFailure("open \(name): \(String(cString: strerror(errno)))") }
        unlink(name)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
