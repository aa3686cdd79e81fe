import ExporterConfiguration
import Testing

struct PasswordFileTests {
    @Test(arguments: [
        ("hunter2", "hunter2"), ("hunter2\n", "hunter2"), ("hunter2\r\n", "hunter2"), ("hunter2\n\n", "hunter2\n"), (" a b ", " a b "),
        ("pä\u{DF}\n", "päß"),
        ("a\r", "a\r"),
    ])
    func `one newline at the end is not part of the password`(text: String, password: String) throws {
        try withFile(Array(text.utf8)) { path in
            let target = TargetConfiguration(name: "a", dsn: Secret(""), passwordFile: path)
            let read = try target.readPassword()
            #expect(read?.reveal() == password)
        }
    }

    @Test(
        arguments: [
            ([], "is empty"), ([10], "is empty"), ([13, 10], "is empty"), ([97, 0, 98], "is not text in UTF-8"), ([0xFF], "is not text in UTF-8"),
            ([UInt8](repeating: 97, count: 4097), "is larger than the 4096 bytes allowed"),
        ] as [([UInt8], String)]
    )
    func `what is no password is an error that names the file`(bytes: [UInt8], reason: String) throws {
        try withFile(bytes) { path in
            let error = #expect(throws: PasswordFileError.self) { try PasswordFile.read(path) }
            #expect(error?.description == "password file \(path): \(reason)")
        }
    }

    @Test func `a file that is not there is an error, and the next read sees it when it is`() throws {
        var removed = ""
        try withFile([97]) { path in
            removed = path
            let read = try PasswordFile.read(path)
            #expect(read == Secret("a"))
        }
        let error = #expect(throws: PasswordFileError.self) { try PasswordFile.read(removed) }
        #expect(error?.reason == "cannot be read: No such file or directory")
    }

    @Test func `without a password file there is no password`() throws {
        #expect(try TargetConfiguration(name: "a", dsn: Secret("")).readPassword() == nil)
    }
}
