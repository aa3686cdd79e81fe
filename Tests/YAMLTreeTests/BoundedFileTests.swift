import Testing

@testable import YAMLTree

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

struct BoundedFileTests {
    /// A folder of its own for each test, removed when the body ends.
    private func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/yamltree-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        let folder = String(cString: try #require(made))
        defer { rmdir(folder) }
        try body(folder)
    }

    private func write(_ count: Int, to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        _ = [UInt8](repeating: 120, count: count).withUnsafeBytes { YAMLTreeTests.write(descriptor, $0) }
        close(descriptor)
    }

    @Test(arguments: [0, 1, 99, 100])
    func `a file up to the limit is read whole`(count: Int) throws {
        try withFolder { folder in
            let path = folder + "/file"
            write(count, to: path)
            defer { unlink(path) }
            let bytes = try BoundedFile.bytes(of: path, limit: 100)
            #expect(bytes == [UInt8](repeating: 120, count: count))
        }
    }

    @Test func `a larger file is refused`() throws {
        try withFolder { folder in
            let path = folder + "/file"
            write(101, to: path)
            defer { unlink(path) }
            #expect(throws: BoundedFile.Failure(reason: "is larger than the 100 bytes allowed")) { try BoundedFile.bytes(of: path, limit: 100) }
        }
    }

    @Test(arguments: [
        ("/nowhere/at/all", "cannot be read: No such file or directory"), ("", "cannot be read: No such file or directory"),
        ("/tmp", "is a directory, not a file"), ("/dev/zero", "is not a regular file"),
    ])
    func `what is no file is refused`(path: String, reason: String) {
        #expect(throws: BoundedFile.Failure(reason: reason)) { try BoundedFile.bytes(of: path, limit: 100) }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pipe without a writer does not block`() throws {
        try withFolder { folder in
            let path = folder + "/pipe"
            mkfifo(path, 0o600)
            defer { unlink(path) }
            #expect(throws: BoundedFile.Failure(reason: "is not a regular file")) { try BoundedFile.bytes(of: path, limit: 100) }
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func `a file without permission is refused`() throws {
        try withFolder { folder in
            let path = folder + "/file"
            write(1, to: path)
            chmod(path, 0)
            defer { unlink(path) }
            #expect(throws: BoundedFile.Failure(reason: "cannot be read: Permission denied")) { try BoundedFile.bytes(of: path, limit: 100) }
        }
    }
}

private func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
