import ExporterConfiguration
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What is said of files that may come and go.
struct RemarkTests {
    private static let loader = ConfigurationLoader(
        knownCollectors: [],
        reservedLabels: [],
        validateDSN: { _ in nil },
        dsnKeywords: { $0.contains("password") ? ["password"] : [] },
        dsnFileProblems: { dsn, hasPassword in (dsn.contains("cert") ? ["sslcert: absent"] : []) + (hasPassword ? [] : ["no password"]) },
        remarksAboutPasswordFile: PasswordFile.remarks
    )

    @Test func `a password file that cannot be used, or that others read, is told by its place`() throws {
        try withFile(Array("hunter2".utf8)) { path in
            let text = "targets:\n  - {name: a, dsn: host=a, password_file: \(path)}\n  - {name: b, dsn: cert, password_file: /absent}\n"
            let both = try Self.loader.parse(Array(text.utf8), file: "config.yml")
            #expect(
                both.remarks == [
                    .obstacle("config.yml:3:20: targets[1].dsn: sslcert: absent"),
                    .obstacle("config.yml:3:41: targets[1].password_file: this file cannot be read: No such file or directory"),
                ]
            )
            chmod(path, 0o640)
            #expect(PasswordFile.remarks(about: path).isEmpty == (geteuid() == 0), "what root gives to a group is meant so")
            chmod(path, 0o644)
            let cure = "chmod 600, or 640 when root owns it, unless nobody else is on the machine or in the container"
            let words = "others than its owner can read this file: \(cure)"
            let cluster = "patroni:\n  - name: a\n    urls: [http://a]\n    dsn: user=a\n    password_file: \(path)\n"
            let open = try Self.loader.parse(Array(cluster.utf8), file: "config.yml")
            #expect(open.remarks == [.exposure("config.yml:5:20: patroni[0].password_file: \(words)")])
            #expect(open.remarks.first?.isObstacle == false)
            truncate(path, 0)
            #expect(PasswordFile.remarks(about: path) == [.obstacle("this file is empty")])
        }
    }

    @Test func `what a mistake stands beside is not told`() {
        let text = "targets: [{name: a, dsn: cert, password_file: /absent, color: red}]"
        let found = errors { () throws(ConfigurationError) in try Self.loader.parse(Array(text.utf8), file: "config.yml") }
        #expect(found.count == 1)
    }

    @Test func `a password on the command line is told, one in the environment is not`() throws {
        let words = "holds a password, which everybody on this machine sees in the list of processes"
        let cure = "use PGWAL_DSN, ~/.pgpass, or password_file in a file for --config.file"
        let flag = try Self.loader.load(file: nil, dsn: "password=x", environment: [:])
        #expect(flag.remarks == [.exposure("--dsn: \(words); \(cure)"), .obstacle("--dsn: no password")])
        #expect(try Self.loader.load(file: nil, dsn: "host=x", environment: [:]).remarks == [.obstacle("--dsn: no password")])
        let environment = try Self.loader.load(file: nil, dsn: nil, environment: ["PGWAL_DSN": "password=x"])
        #expect(environment.remarks == [.obstacle("PGWAL_DSN: no password")])
    }
}
