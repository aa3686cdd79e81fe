import ExporterConfiguration

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that others read while it is written anew: there is always a whole one, the former or the new.
enum WholeFile {
    /// Writes beside the file under a name that no textfile collector reads, then renames. The file may be read by everybody, as far as the umask
    /// lets it: another user's textfile collector has to.
    /// - Throws: `Failure`; the former file stands then.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let draft = "\(path[..<slash]).\(path[slash...]).\(getpid()).new"
        // What a process of this number left behind when it was killed.
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw Failure("cannot write \(draft): \(String(cString: strerror(errno)))") }
        var problem: Int32?
        if !StandardOutput.write(bytes, to: file) || fsync(file) != 0 { problem = errno }
        if close(file) != 0, problem == nil { problem = errno }
        if problem == nil, rename(draft, path) != 0 { problem = errno }
        guard let problem else { return }
        unlink(draft)
        throw Failure("cannot write \(path): \(String(cString: strerror(problem)))")
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
