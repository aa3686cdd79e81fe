import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite
    struct CommandLineTests {
        private func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> ChildProcess.Outcome {
            try await ChildProcess.run(Exporter.path, arguments, environment: environment)
        }

        @Test("--help teaches, --version tells")
        func help() async throws {
            let help = try await run(["--help"])
            #expect(help.status == .code(0))
            for word in ["serve (default)", "collect", "config", "metrics", "PGWAL_DSN", "Examples:"] { #expect(help.output.contains(word)) }
            let serve = try await run(["serve", "--help"])
            for flag in ["--web.listen-address", "--web.telemetry-path", "--log.level", "--log.format", "--no-collector.slots", "--config.file"] {
                #expect(serve.output.contains(flag))
            }
            let version = try await run(["--version"])
            #expect(version.output.hasPrefix("pgwal_exporter "))
            #expect(version.output.contains("libpq"))
        }

        @Test("wrong flags are named, with the nearest right one")
        func wrongFlags() async throws {
            let unknown = try await run(["--web.listen-adress", ":1"])
            #expect(unknown.status == .code(64))
            #expect(unknown.errors.contains("--web.listen-address"))
            let address = try await run(["--web.listen-address", "nowhere"])
            #expect(address.errors.contains("[host]:port"))
            let path = try await run(["--web.telemetry-path", "/probe"])
            #expect(path.status != .code(0))
            let duration = try await run(["--collection.timeout", "fast"])
            #expect(duration.status != .code(0))
            #expect(!duration.errors.isEmpty)
        }

        @Test("every mistake in the file is reported, and no secret")
        func badFile() async throws {
            let path = try Exporter.file(
                """
                targets:
                  - name: a
                    dsn: host=h password=topsecret1
                    prot: 5
                  - name: a
                    dsn: "host=h passwrd=topsecret2"
                collection: {timeout: 5, disable: [slot]}
                """
            )
            for command in ["config", "serve", "collect"] {
                let outcome = try await run([command, "--config.file", path])
                #expect(outcome.status == .code(1))
                let lines = outcome.errors.split(separator: "\n")
                #expect(lines.count == 5, "\(outcome.errors)")
                for (place, problem) in [(":4:", "unknown key"), (":5:", "name"), (":6:", "dsn"), (":7:", "timeout"), (":7:", "slots")] {
                    #expect(lines.contains { $0.contains(path + place) && $0.contains(problem) }, "\(place) \(problem) in\n\(outcome.errors)")
                }
                #expect(!outcome.errors.contains("topsecret"))
                #expect(!outcome.output.contains("topsecret"))
            }
        }

        @Test("config prints what is in effect, without secrets")
        func effectiveConfiguration() async throws {
            let environment = ["PGWAL_DSN": "postgresql://me:topsecret@db.example/postgres"]
            let outcome = try await run(["config", "--no-collector.slots"], environment: environment)
            #expect(outcome.status == .code(0))
            #expect(outcome.output.contains("db.example"))
            #expect(outcome.output.contains("slots"))
            #expect(!(outcome.output + outcome.errors).contains("topsecret"))
        }

        @Test("a server that refuses is told, its password is not")
        func refusal() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let dsn = "host=127.0.0.1 port=\(server.port) user=nobody dbname=postgres password=topsecret"
                let outcome = try await run(["collect", "--fail", "--dsn", dsn, "--log.level", "debug"])
                #expect(outcome.status == .code(1))
                #expect(outcome.output.contains("pgwal_up{target=\"postgres\"} 0"))
                #expect(outcome.errors.contains("password authentication failed"))
                #expect(!(outcome.output + outcome.errors).contains("topsecret"))
            }
        }

        @Test("a page that is written, whatever is down, replaces the one that says that all is up")
        func wholePage() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let directory = try TemporaryRoot.makeDirectory("textfile")
                let file = directory + "/pgwal.prom"
                func collected(_ arguments: [String] = []) async throws -> (Double?, PostgresTestSupport.ExitStatus) {
                    let outcome = try await run(["collect", "--dsn", server.conninfo(), "--output", file] + arguments)
                    #expect(outcome.output == "")
                    let page = try Page(String(contentsOfFile: file, encoding: .utf8))
                    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["pgwal.prom"])
                    return (try page.value("pgwal_up"), outcome.status)
                }
                let up = try await collected()
                #expect(up.0 == 1 && up.1 == .code(0))
                try await server.stop()
                let down = try await collected()
                #expect(down.0 == 0 && down.1 == .code(0))
                let failed = try await collected(["--fail"])
                #expect(failed.0 == 0 && failed.1 == .code(1))
                // As people write it: `collect > new && mv new pgwal.prom`.
                let printed = try await run(["collect", "--dsn", server.conninfo()])
                #expect(printed.status == .code(0))
                #expect(try Page(printed.output).value("pgwal_up") == 0)
                #expect(printed.errors.contains("postgres"), "it says what is down")

                let nowhere = try await run(["collect", "--dsn", server.conninfo(), "--output", directory + "/missing/pgwal.prom"])
                #expect(nowhere.status == .code(1))
                #expect(nowhere.errors.contains("No such file or directory"))
                let full = try await ChildProcess.run(
                    "/bin/sh",
                    ["-c", "\"$0\" collect --dsn \"$1\" > /dev/full && echo moved", Exporter.path, server.conninfo()]
                )
                #expect(full.output == "", "half a page is not moved into place")
            }
        }

        @Test("collect finds its server by flag, by environment, by libpq's own variables and by a service file")
        func sources() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                let service = try Exporter.file("[orders]\nhost=\(server.socketDirectory)\nport=\(server.port)\nuser=postgres\ndbname=postgres\n")
                let pieces = ["PGHOST": server.socketDirectory, "PGPORT": "\(server.port)", "PGUSER": "postgres", "PGDATABASE": "postgres"]
                let ways: [([String], [String: String])] = [
                    (["--dsn", server.conninfo()], [:]),
                    ([], ["PGWAL_DSN": server.conninfo()]),
                    ([], ["DATA_SOURCE_NAME": server.conninfo()]),
                    ([], pieces),
                    (["--dsn", "service=orders"], ["PGSERVICEFILE": service]),
                ]
                for (arguments, environment) in ways {
                    let outcome = try await run(["collect"] + arguments, environment: environment)
                    #expect(outcome.status == .code(0), "\(arguments) \(environment): \(outcome.errors)")
                    #expect(try Page(outcome.output).value("pgwal_up") == 1)
                }
                let open = try await run(["collect", "--openmetrics", "--dsn", server.conninfo(), "--no-collector.slots"])
                #expect(open.output.hasSuffix("# EOF\n"))
                #expect(!open.output.contains("pgwal_slots_used"))
            }
        }

        @Test("a password file is read at each connect")
        func passwordFile() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 15)
                try await server.createMonitoringRole()
                let password = try Exporter.file(PostgresServer.monitoringPassword + "\n")
                let configuration = try Exporter.file(
                    """
                    targets:
                      - name: orders
                        dsn: host=127.0.0.1 port=\(server.port) user=monitor dbname=postgres
                        password_file: \(password)
                        labels: {site: dc1}
                    """
                )
                let outcome = try await run(["collect", "--config.file", configuration])
                #expect(outcome.status == .code(0), "\(outcome.errors)")
                #expect(try Page(outcome.output).value("pgwal_up", ["target": "orders", "site": "dc1"]) == 1)
            }
        }

        @Test("what a server says cannot turn a line of the log around", arguments: ["logfmt", "json"])
        func invisibleCharacters(format: String) async throws {
            let server = try await HostileServer(options: ["--refuse", "user", "--words", "28P01:a\u{202E}b\u{200B}c\u{E0041}d"])
            let outcome = try await run(["collect", "--dsn", server.conninfo, "--log.format", format])
            #expect(outcome.errors.contains(#"a\u202eb\u200bc\udb40\udc41d"#), "\(outcome.errors)")
            #expect(!outcome.errors.unicodeScalars.contains("\u{202E}"))
            await server.stop()
        }

        @Test("an address in use is a clear error")
        func addressInUse() async throws {
            let taken = try PortReservation()
            let first = try ChildProcess(Exporter.path, ["--web.listen-address", "127.0.0.1:\(taken.port)", "--dsn", "host=/nonexistent"])
            try await waitUntil("it listens") { first.output.contains("listening") }
            let second = try await run(["--web.listen-address", "127.0.0.1:\(taken.port)", "--dsn", "host=/nonexistent"])
            #expect(second.status == .code(1))
            #expect(second.errors.contains("cannot listen on 127.0.0.1:\(taken.port)"))
            #expect(await first.terminate() == .code(0))
        }

        @Test("metrics lists the catalogue")
        func metrics() async throws {
            let outcome = try await run(["metrics"])
            #expect(outcome.status == .code(0))
            #expect(outcome.output.contains("pgwal_slot_retained_bytes{slot_name, slot_type}"))
        }
    }
}
