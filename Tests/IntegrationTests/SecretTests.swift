import Foundation
import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// Passwords are planted where people put them, rightly and by mistake, and looked for in all that the program says.
    @Suite
    struct SecretTests {
        static let marker = "S3cret-Zq7"

        private static let malformed = [
            "host=127.0.0.1;password=§", "host=127.0.0.1%20password=§", "host=127.0.0.1&password=§", "host=127.0.0.1,password=§", "host= password=§",
            "user='me password=§' host=/nonexistent", "dbname=d;password=§", "service=s;password=§", "sslmode=require;password=§",
            "port=5432;password=§",
            "password=my §", "password='§", "hots=127.0.0.1;password=§", "postgresql://u:x/§@127.0.0.1/d", "postgresql://u:x@§@127.0.0.1/d",
            "postgresql://127.0.0.1/d;password=§", "postgresql://u:%zz§@127.0.0.1", "postgresql://127.0.0.1/d?user=u%26password%3D§",
            "host=127.0.0.1 dbname=postgresql://u:§@h/d", "application_name=a;password=§ host=127.0.0.1", "jdbc:postgresql://h/d?user=u&password=§",
        ]

        @Test("a connection string in which a value swallows a password is refused by flag, environment and file, and shown nowhere")
        func refusals() async throws {
            for form in Self.malformed {
                let dsn = form.replacing("§", with: Self.marker)
                let file = try Exporter.file("targets:\n  - name: a\n    dsn: \"\(dsn)\"\n")
                let ways: [([String], [String: String], String)] = [
                    (["config", "--dsn", dsn], [:], "--dsn: "), (["collect"], ["PGWAL_DSN": dsn], "PGWAL_DSN: "),
                    (["serve", "--config.file", file], [:], "\(file):3:10: targets[0].dsn: "),
                ]
                for (arguments, environment, place) in ways {
                    let outcome = try await ChildProcess.run(Exporter.path, arguments, environment: environment)
                    #expect(outcome.status == .code(1), "\(form)")
                    #expect(outcome.errors.hasPrefix("pgwal_exporter: \(place)not a valid connection string: "), "\(outcome.errors)")
                    #expect(!(outcome.output + outcome.errors).contains(Self.marker), "\(form): \(outcome.errors)")
                }
            }
        }

        @Test("what libpq takes from elsewhere is looked at too", arguments: ["PGHOST", "PGUSER", "PGDATABASE", "PGSSLMODE", "PGPORT", "PGAPPNAME"])
        func variables(_ variable: String) async throws {
            let outcome = try await ChildProcess.run(Exporter.path, ["collect"], environment: [variable: "x;password=\(Self.marker)"])
            #expect(outcome.status == .code(1))
            #expect(outcome.errors.contains("the environment variable \(variable) cannot be used: "), "\(outcome.errors)")
            #expect(!(outcome.output + outcome.errors).contains(Self.marker))
        }

        @Test("a service file's mistakes are told without what is in it")
        func services() async throws {
            for (content, words) in [
                ("[other]\nhost=h\n", "service: there is none of this name"),
                ("[a]\nhost=h;password=\(Self.marker)\n", "host seems to hold a further key"),
                ("[a]\n\(Self.marker)\n", "line 2"), ("[a]\npasword=\(Self.marker)\n", "line 2"),
                ("[a]\nsslmode=\(Self.marker)\n", "does not accept the value of sslmode"),
            ] {
                let file = try Exporter.file(content)
                let outcome = try await ChildProcess.run(Exporter.path, ["collect", "--dsn", "service=a"], environment: ["PGSERVICEFILE": file])
                #expect(outcome.status == .code(1))
                #expect(outcome.errors.contains(words), "\(outcome.errors)")
                #expect(!(outcome.output + outcome.errors).contains(Self.marker))
            }
        }

        @Test("a service file that is spoilt while the exporter runs puts no password on a page")
        func spoiltService() async throws {
            let file = try Exporter.file("[a]\nhost=/nonexistent\n")
            let exporter = try await Exporter(["--dsn", "service=a", "--log.level", "debug"], environment: ["PGSERVICEFILE": file])
            try await withExporter(exporter) { exporter in
                try "[a]\nhost=127.0.0.1;password=\(Self.marker)\n".write(toFile: file, atomically: true, encoding: .utf8)
                let shown = try await poll("the new one has been read", read: { try await HTTP.get(exporter.url + "/api/v1/topology").body }) {
                    $0.contains("may hold a secret, and is not shown")
                }
                #expect(!(shown + exporter.process.output).contains(Self.marker))
            }
        }

        #if os(Linux)
            @Test(
                "a password on the command line is overwritten there",
                arguments: ["host=127.0.0.1 port=9 user=x password=\(marker)", "postgresql://x:\(marker)@127.0.0.1:9/d"],
                [false, true]
            )
            func commandLine(dsn: String, isOneWord: Bool) async throws {
                let exporter = try await Exporter(isOneWord ? ["--dsn=\(dsn)"] : ["--dsn", dsn])
                try await withExporter(exporter) { exporter in
                    let shown = try String(contentsOf: URL(filePath: "/proc/\(exporter.process.pid)/cmdline"), encoding: .utf8)
                    #expect(!shown.contains(Self.marker) && shown.contains("--dsn") && shown.contains("***"))
                    #expect(shown.contains("--web.listen-address"), "nothing else is overwritten")
                    #expect(try await exporter.page().value("pgwal_up") == 0)
                    exporter.process.send(signal: SIGHUP)
                    try await waitUntil("it knows it still") { exporter.process.output.contains("configuration reloaded") }
                }
            }
        #endif

        @Test("no page and no line of the log shows a password, and every text reads as it is")
        func pages() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                try await server.execute("CREATE ROLE e LOGIN PASSWORD 'right'")
                let passwordFile = try Exporter.file(Self.marker + "\n")
                let passfile = try Exporter.file("*:*:*:*:\(Self.marker)\n")
                let service = try Exporter.file("[a]\nhost=127.0.0.1\nport=\(server.port)\nuser=e\ndbname=postgres\npassword=\(Self.marker)\n")
                let patroni = try await FakePatroni(.secrets, members: 3, primary: server.port, standby: server.port)
                let at = "host=127.0.0.1 port=\(server.port) user=e dbname=postgres"
                let file = try Exporter.file(
                    """
                    targets:
                      - {name: word, dsn: \(at) password=e}
                      - {name: failed, dsn: \(at) password=failed}
                      - {name: marker, dsn: "\(at) password='\(Self.marker)'"}
                      - {name: uri, dsn: "postgresql://e:\(Self.marker)@127.0.0.1:\(server.port)/postgres"}
                      - {name: from-file, dsn: \(at), password_file: \(passwordFile)}
                      - {name: passfile, dsn: \(at) passfile=\(passfile)}
                      - {name: service, dsn: service=a}
                      - {name: environment, dsn: \(at) passfile=/nonexistent}
                    patroni:
                      - {name: c, urls: ["\(patroni.url())"], dsn: user=e password=\(Self.marker) dbname=postgres}
                    """
                )
                let environment = ["PGSERVICEFILE": service, "PGPASSWORD": Self.marker]
                let config = try await ChildProcess.run(Exporter.path, ["config", "--config.file", file], environment: environment)
                #expect(config.output.contains("password=***"))
                #expect(!(config.output + config.errors).contains(Self.marker))
                let exporter = try await Exporter(["--config.file", file, "--log.level", "debug"], environment: environment)
                try await withExporter(exporter) { exporter in
                    let words = #"password authentication failed for user \"e\""#
                    // Those of the file. The members of the cluster are nowhere.
                    func refused() -> Set<Substring> {
                        let lines = exporter.process.output.split(separator: "\n").filter { $0.contains("target is down") && $0.contains(words) }
                        return Set(lines.compactMap { $0.split(separator: "target=").last })
                    }
                    _ = try await poll("all have been refused", timeout: .seconds(20), read: { refused() }, until: { $0.count == 8 })
                    try await waitUntil("Patroni has told") { exporter.process.output.contains("Patroni's answer is odd") }
                    var shown = exporter.process.output
                    for path in [
                        "/metrics", "/", "/api/v1/topology", "/sd", "/role/primary?target=word", "/role/standby?target=c/m1", "/probe?target=failed",
                        "/probe?target=c/m1", "/probe?target=c/u",
                    ] { shown += try await HTTP.get(exporter.url + path).body }
                    #expect(shown.contains("c/m0"))
                    #expect(!shown.contains(Self.marker))
                    #expect(!shown.contains("***"), "nothing is blotted out of a text")
                }
                await patroni.stop()
            }
        }

        @Test("config tells what will not work, and what others can read")
        func files() async throws {
            let open = try Exporter.file("x")
            chmod(open, 0o644)
            let key = try Exporter.file("x")
            chmod(key, 0o640)
            chown(key, 65_534, 65_534)
            let file = try Exporter.file(
                """
                targets:
                  - name: a
                    dsn: host=a sslmode=verify-full sslrootcert=/absent sslcert=\(open) sslkey=\(key)
                    password_file: /absent
                  - name: b
                    dsn: host=/run user=x
                    password_file: \(open)
                  - name: c
                    dsn: host=/run user=x passfile=\(open)
                """
            )
            let outcome = try await ChildProcess.run(Exporter.path, ["config", "--config.file", file])
            var expected = [
                "3:10: targets[0].dsn: sslrootcert: this file cannot be read: No such file or directory",
                "4:20: targets[0].password_file: this file cannot be read: No such file or directory",
                "7:20: targets[1].password_file: others than its owner can read this file: chmod 600, or 640 when root owns it, unless nobody"
                    + " else is on the machine or in the container",
                "9:10: targets[2].dsn: passfile: libpq ignores this file, which others can read or write: chmod 600",
            ]
            if geteuid() == 0 {
                expected.insert(
                    "3:10: targets[0].dsn: sslkey: this file is open to others, so that libpq refuses it: chmod 600, or 640 when root owns it",
                    at: 0
                )
            }
            #expect(outcome.errors == expected.map { "pgwal_exporter: \(file):\($0)\n" }.joined())
            #expect(outcome.status == .code(1))
            #expect(outcome.output.contains("name: c"), "what is in effect is printed all the same")

            let exposed = try Exporter.file("targets: [{name: b, dsn: host=/run user=x, password_file: \(open)}]")
            #expect(try await ChildProcess.run(Exporter.path, ["config", "--config.file", exposed]).status == .code(0))
            let flag = try await ChildProcess.run(Exporter.path, ["config", "--dsn", "host=/run password=\(Self.marker)"])
            #expect(flag.status == .code(0))
            #expect(flag.errors.hasPrefix("pgwal_exporter: --dsn: holds a password, which everybody on this machine sees"))
            #expect(!(flag.output + flag.errors).contains(Self.marker))
        }

        #if os(Linux)
            @Test("what is in its memory goes into no core dump and to no other process of its user; it sees itself", .enabled(if: geteuid() == 0))
            func memory() async throws {
                let exporter = try await Exporter(
                    ["--dsn", "host=/nonexistent"],
                    shell: #"exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@""#
                )
                try await withExporter(exporter) { exporter in
                    var status = stat()
                    #expect(stat("/proc/\(exporter.process.pid)/environ", &status) == 0)
                    #expect(status.st_uid == 0, "a process that may be dumped owns its files in /proc")
                    let limits = try await ChildProcess.run("grep", ["Max core file size", "/proc/\(exporter.process.pid)/limits"]).output
                    #expect(limits.split(separator: " ").filter { $0 == "0" }.count == 2)
                    let page = try await exporter.page()
                    for name in ["process_open_fds", "process_threads", "process_resident_memory_bytes", "process_start_time_seconds"] {
                        #expect(try page.value(name) ?? 0 > 0, "\(name)")
                    }
                }
            }
        #endif
    }
}
