import PostgresTestSupport
import SnapshotSupport
import Testing

extension IntegrationTests {
    /// What the program says about itself, and to who uses it wrongly.
    @Suite
    struct CommandSnapshotTests {
        private static let commands = ["serve", "status", "doctor", "check", "plan", "events", "collect", "config", "metrics", "health"]

        @Test("--help of the program and of each command is as it was", arguments: [""] + commands)
        func help(_ command: String) async throws {
            let outcome = try await run((command.isEmpty ? [] : [command]) + ["--help"])
            #expect(outcome.status == .code(0))
            #expect(outcome.errors == "")
            Snapshot.expect(outcome.output, equals: "help/\(command.isEmpty ? "pgwal_exporter" : command).txt")
        }

        @Test("every command has its help here")
        func allCommands() async throws {
            let help = try await run(["--help"]).output
            let subcommands = try #require(help.split(separator: "SUBCOMMANDS:\n").last)
            // A name is indented by two; what follows on further lines, by more.
            let names = subcommands.split(separator: "\n").filter { $0.hasPrefix("  ") && $0.dropFirst(2).first != " " }
                .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "See" }
            #expect(names.sorted() == Self.commands.sorted())
        }

        @Test("what documents and runbooks tell people to run exists, with its flags")
        func commandsOfDocuments() async throws {
            var helps: [String: String] = [:]
            for command in Self.commands { helps[command] = try await run([command, "--help"]).output }
            var count = 0
            for document in try Documents.all() {
                // A name that begins a line of code, or stands after a prompt, a backquote or a pipe.
                for match in document.text.matches(of: /(?m)(?:^|`|\$ |\| |sudo )pgwal_exporter ([a-z][a-z-]+)([^`\n|#]*)/) {
                    let command = String(match.1)
                    guard let help = helps[command] else {
                        // A sentence may begin with the program's name.
                        if document.isCode(match.range) { Issue.record("\(document.path): there is no command '\(command)'") }
                        continue
                    }
                    count += 1
                    for flag in match.2.matches(of: /(?:^| )(--[a-z][a-z.-]+)/) where !help.contains("\(flag.1)") {
                        Issue.record("\(document.path): '\(command)' has no \(flag.1)")
                    }
                }
            }
            #expect(count > 15, "that many there are")
        }

        @Test("what is said of wrong flags is as it was")
        func wrongFlags() async throws {
            let wrong: [[String]] = [
                ["--web.listen-adress", ":1"],
                ["--web.listen-address", "nowhere"],
                ["--web.telemetry-path", "/probe"],
                ["--log.level", "loud"],
                ["--log.format", "xml"],
                ["--no-collector.slot"],
                ["--collection.timeout", "fast"],
                ["--config.file"],
                ["--config.file", "/nonexistent/pgwal.yml"],
                ["--dsn", "host=a passwrd=secret"],
                ["collect", "--dsn", "host=a port=many"],
                ["config", "surplus"],
                ["plan", "--outage", "soon"],
                ["plan", "--outage", "24h", "--rate", "fast"],
                ["status", "--watch", "--output", "json"],
                ["explain"],
            ]
            var text = ""
            for arguments in wrong {
                let outcome = try await run(arguments)
                #expect(outcome.output == "")
                text += "$ pgwal_exporter \(arguments.joined(separator: " "))\n\(outcome.errors)\(outcome.status)\n\n"
            }
            Snapshot.expect(text, equals: "wrong-flags.txt")
        }

        /// In the columns of a terminal that is the same everywhere.
        private func run(_ arguments: [String]) async throws -> ChildProcess.Outcome {
            try await ChildProcess.run(Exporter.path, arguments, environment: ["COLUMNS": "100"])
        }
    }
}
