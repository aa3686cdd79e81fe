import ExporterConfiguration
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

struct FileLoadingTests {
    private func loadingErrors(_ path: String) -> [String] {
        errors { () throws(ConfigurationError) in try ConfigurationLoader.test.loadFile(path) }
    }

    @Test(arguments: [
        ("/nowhere/config.yml", "cannot be read: No such file or directory"), ("/tmp", "is a directory, not a file"),
        ("/dev/null", "is not a regular file"),
    ])
    func `what is no file is named with the reason`(path: String, reason: String) {
        #expect(loadingErrors(path) == ["\(path): \(reason)"])
    }

    @Test func `more than a mebibyte is refused`() throws {
        let text = Array("targets: [{name: a, dsn: ''}]\n#".utf8)
        try withFile(text + [UInt8](repeating: 120, count: 1 << 20)) { path in
            #expect(loadingErrors(path) == ["\(path): is larger than the 1048576 bytes allowed"])
        }
        try withFile(text + [UInt8](repeating: 120, count: (1 << 20) - text.count)) { path in
            #expect(loadingErrors(path) == [])
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func `a file without permission is named with the reason`() throws {
        try withFile([]) { path in
            chmod(path, 0)
            #expect(loadingErrors(path) == ["\(path): cannot be read: Permission denied"])
        }
    }

    @Test(arguments: [
        ("secret", "/etc/pgwal/secret"), ("./a/../secret", "/etc/pgwal/a/../secret"), ("../secret", "/etc/pgwal/../secret"),
        ("/run/secret", "/run/secret"),
    ])
    func `a relative password file is beside the configuration`(path: String, expected: String) throws {
        let text = Array("targets: [{name: a, dsn: '', password_file: \(path)}]".utf8)
        let configuration = try ConfigurationLoader.test.parse(text, file: "/etc/pgwal/config.yml")
        #expect(configuration.targets.map(\.passwordFile) == [expected])
    }

    @Test(arguments: ["config.yml", "./config.yml", "etc/config.yml"])
    func `the password file's path is absolute also when that of the configuration is not`(file: String) throws {
        let text = Array("targets: [{name: a, dsn: '', password_file: secret}]".utf8)
        let path = try #require(try ConfigurationLoader.test.parse(text, file: file).targets[0].passwordFile)
        let folder = try #require(getcwd(nil, 0))
        defer { free(folder) }
        #expect(path == String(cString: folder) + (file.hasPrefix("etc") ? "/etc" : "") + "/secret")
    }

    @Test func `a file of many targets is read in the order of the file`() throws {
        let text = "targets:\n" + (0..<500).map { "  - {name: t\($0), dsn: host=h\($0)}\n" }.joined()
        #expect(try ConfigurationLoader.test.parse(text).targets.map(\.name) == (0..<500).map { "t\($0)" })
    }
}
