import Foundation
import PostgresTestSupport
import Testing

extension IntegrationTests {
    /// The commands, asked of a running exporter.
    @Suite(.serialized)
    struct RemoteCommandTests {
        @Test(
            "status, doctor, check and events say with --url what they say by themselves, and more by what is remembered",
            arguments: PostgresInstallation.among(14, 18)
        )
        func answers(_ major: Int) async throws {
            try await withServers {
                let primary = try await PostgresServer.primary(version: major, settings: ["wal_log_hints": "on"])
                let standby = try await PostgresServer.standby(of: primary, slot: "needed")
                try await standby.waitUntilReplayed(primary)
                let file = try Exporter.file(Exporter.configuration([("pg1", primary.conninfo()), ("pg2", standby.conninfo())]))
                let state = TemporaryRoot.uniquePath("state")
                let exporter = try await Exporter(["--config.file", file, "--state.file", state])
                try await withExporter(exporter) { exporter in
                    func ask(_ arguments: String...) async throws -> ChildProcess.Outcome {
                        try await ChildProcess.run(Exporter.path, arguments + ["--url", exporter.url])
                    }
                    _ = try await exporter.topology(until: "it streams") { $0.servers.count == 2 && $0.edges.contains { $0.receiver == "pg2" } }
                    try await waitUntil("status has the standby below its primary") {
                        let status = try await ask("status")
                        return status.status == .code(0) && status.output.contains("└─ pg2  standby  streaming  slot needed  0 bytes behind")
                    }
                    #expect(try TopologyAnswer(try await ask("status", "--output", "json").output).servers.map(\.target) == ["pg1", "pg2"])
                    let lag = try await ask("check", "lag")
                    #expect(lag.status == .code(0) && lag.output.hasPrefix("PGWAL LAG OK - pg2 is 0.0 s behind | 'pg2'=0"), "\(lag.output)")
                    #expect(try await ask("check", "role", "--role", "primary").status == .code(2))
                    #expect(try await ask("check", "wal", "-w", "101:", "--output", "json").output.contains("\"check\":\"wal\""))
                    #expect(try await ask("doctor").status == .code(0))

                    try await primary.createPhysicalSlot("later")
                    try await waitUntil("the event is told") {
                        _ = try await exporter.page()
                        let events = try await ask("events", "--kind", "slot_created", "--since", "1h")
                        return events.status == .code(0) && events.output.contains("slot_created  pg1  ")
                    }
                    #expect(try await ask("events", "--target", "nobody").output == "There is no such event.\n")
                    #expect(try await ask("events", "--output", "json").output.hasPrefix("{\"events\":[{"))

                    try await standby.stop()
                    try await waitUntil("it is seen to be down") { try await ask("check", "all").status == .code(2) }
                    #expect(try await ask("doctor").status == .code(1))
                    #expect(try await HTTP.get(exporter.url + "/api/v1/events?since=nan").status == 400)
                    for (query, word) in [
                        ("check", "kind"), ("check?kind=moods", "subscriptions"), ("check?kind=lag&warning=x", "range"),
                        ("check?kind=all&role=king", "standby"),
                        ("status?width=3", "20 to 1000"), ("doctor?fix_sql=perhaps", "true or false"),
                    ] {
                        let answer = try await HTTP.get(exporter.url + "/api/v1/" + query)
                        #expect(answer.status == 400 && answer.body.contains(word), "\(query): \(answer.body)")
                    }
                }
                // The exporter has ended: its file tells it still.
                let kept = try await ChildProcess.run(Exporter.path, ["events", "--state.file", state])
                #expect(kept.status == .code(0) && kept.output.contains("slot_created  pg1  ") && kept.output.contains("exporter_stopped"))
            }
        }

        @Test("over TLS, with a client's certificate and a user: who lacks one of them, or is told by another authority, hears why")
        func secure() async throws {
            let folder = try TemporaryRoot.makeDirectory("remote")
            try await WebSecrets.makeCertificates(in: folder)
            let web = """
                tls_server_config: {cert_file: server.crt, key_file: server.key, client_ca_file: ca.pem, client_auth_type: RequireAndVerifyClientCert}
                basic_auth_users: {nagios: '\(try await WebSecrets.hash("sEcret"))'}

                """
            try Data(web.utf8).write(to: URL(filePath: "\(folder)/web.yml"))
            for (name, password) in [("right", "sEcret\n"), ("wrong", "sEcretly\n")] {
                try Data(password.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            let curl = ["--cacert", "\(folder)/ca.pem", "--cert", "\(folder)/client.crt", "--key", "\(folder)/client.key", "--user", "nagios:sEcret"]
            let exporter = try await Exporter(
                ["--dsn", "host=127.0.0.1 port=9 user=x", "--web.config.file", "\(folder)/web.yml"],
                scheme: "https",
                curl: curl
            )
            try await withExporter(exporter) { exporter in
                let trust = ["--ca-file", "\(folder)/ca.pem"]
                let certificate = ["--cert", "\(folder)/client.crt", "--key", "\(folder)/client.key"]
                func user(_ file: String) -> [String] { ["--username", "nagios", "--password-file", "\(folder)/\(file)"] }
                func check(_ arguments: [String]) async throws -> ChildProcess.Outcome {
                    try await ChildProcess.run(Exporter.path, ["check", "all", "--url", exporter.url] + arguments)
                }
                let all = try await check(trust + certificate + user("right"))
                #expect(all.status == .code(2) && all.output.contains(" is down: "), "\(all.output)")
                let events = try await ChildProcess.run(
                    Exporter.path,
                    ["events", "--url", exporter.url] + trust + certificate + user("right")
                )
                #expect(events.status == .code(0) && events.output.contains("exporter_started"), "\(events.errors)")
                for (arguments, word) in [
                    (trust + certificate, "401"), (trust + certificate + user("wrong"), "401"), (certificate + user("right"), "not trusted"),
                    (trust + user("right"), "TLS"),
                    (trust + certificate + ["--username", "nagios", "--password-file", "/nonexistent"], "/nonexistent"),
                ] {
                    let outcome = try await check(arguments)
                    #expect(outcome.status == .code(3) && outcome.output.hasPrefix("PGWAL UNKNOWN - "), "\(arguments): \(outcome.output)")
                    #expect(outcome.output.contains(word), "\(arguments): \(outcome.output)")
                    #expect(!(outcome.output + outcome.errors).contains("sEcret"))
                }
            }
        }

        @Test("a wrong URL, user or answer is told in a line, and of check it is UNKNOWN; no password is told or taken on a command line")
        func refusals() async throws {
            func run(_ arguments: String...) async throws -> ChildProcess.Outcome { try await ChildProcess.run(Exporter.path, arguments) }
            let port = try PortReservation()
            let nobody = "http://127.0.0.1:\(port.port)"
            let refused = try await run("status", "--url", nobody)
            #expect(refused.status == .code(1) && refused.errors == "pgwal_exporter: \(nobody): connection refused\n", "\(refused.errors)")
            let check = try await run("check", "all", "--url", nobody)
            #expect(check.status == .code(3) && check.output == "PGWAL UNKNOWN - \(nobody): connection refused\n", "\(check.output)")
            for (arguments, word) in [
                (["--url", "http://dba:sEcret@127.0.0.1:1"], "neither user nor password"), (["--url", "ftp://x"], "http://localhost:10195"),
                (["--url", "http://x", "--dsn", "host=x"], "one of them"), (["--username", "x"], "go together"), (["--ca-file", "x"], "--url"),
            ] {
                let outcome = try await ChildProcess.run(Exporter.path, ["status"] + arguments)
                #expect(outcome.status == .code(64) && outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
                #expect(!(outcome.errors + outcome.output).contains("sEcret"))
            }
        }
    }
}
