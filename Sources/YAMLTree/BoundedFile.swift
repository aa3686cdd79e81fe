#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads small files whole.
package enum BoundedFile {
    /// Why a file was not read. Names neither the file nor what is in it.
    package struct Failure: Error, Sendable, Hashable {
        /// The reason, to follow the file's name and a colon.
        package var reason: String
    }

    /// The bytes of a regular file.
    ///
    /// Anything else (a folder, a pipe, a device) is refused, as are files of more than `limit` bytes: reading must end, and
    /// a configuration must be readable again at a reload.
    package static func bytes(of path: String, limit: Int) throws(Failure) -> [UInt8] {
        // Without O_NONBLOCK the open of a pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemFailure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemFailure() }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw Failure(reason: "is a directory, not a file")
        default: throw Failure(reason: "is not a regular file")
        }
        return try readAll(descriptor, limit: limit)
    }

    private static func readAll(_ descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
        // One byte more than allowed tells a file that is too large from one that just fits.
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let received = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress! + count, buffer.count - count)
            }
            if received < 0, errno == EINTR { continue }
            guard received >= 0 else { throw systemFailure() }
            if received == 0 { break }
            count += received
        }
        guard count <= limit else { throw Failure(reason: "is larger than the \(limit) bytes allowed") }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private static func systemFailure() -> Failure {
        Failure(reason: "cannot be read: \(String(cString: strerror(errno)))")
    }
}
