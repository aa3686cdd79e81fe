import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// What the system does not give: descriptors and threads.
    @Suite(.serialized)
    struct LimitTests {
        private static let target = ["--dsn", "host=127.0.0.1 port=9 user=x"]

        private func refusal(_ arguments: [String], shell: String, user: ServerUser? = nil, program: String = Exporter.path) async throws -> String {
            let words = Exporter.words([program, "serve", "--web.listen-address", "127.0.0.1:0"] + arguments, shell: shell)
            let outcome = try await ChildProcess.run(words[0], Array(words.dropFirst()), user: user)
            #expect(outcome.status == .code(1))
            return outcome.errors
        }

        @Test("the soft limit of descriptors is raised to the hard one")
        func raised() async throws {
            let exporter = try await Exporter(Self.target, shell: "ulimit -Sn 64; ulimit -Hn 256")
            try await withExporter(exporter) { exporter in
                let page = try await exporter.page()
                #expect(try page.value("process_max_fds") == 256)
            }
        }

        @Test("a configuration that needs more descriptors than there are is an error that says how many")
        func tooManyTargets() async throws {
            let file = try Exporter.file(Exporter.configuration((1...600).map { ("t\($0)", "host=127.0.0.1 port=9 user=x") }))
            let many = try await refusal(["--config.file", file], shell: "ulimit -n 256")
            #expect(many.contains("640 open files are needed for 600 targets") && many.contains("the limit is 256") && many.contains("ulimit -n"))
            #expect(try await refusal(Self.target, shell: "ulimit -n 16").contains("the limit is 16"))
        }

        @Test("clients that take all descriptors make others wait, and cost no processor time", .enabled(if: Sockets.areVisible))
        func idleClients() async throws {
            let exporter = try await Exporter(Self.target, shell: "ulimit -n 30")
            try await withExporter(exporter) { exporter in
                var clients = (0..<40).compactMap { _ in Loopback.connect(to: exporter.port) }
                defer { for client in clients { close(client) } }
                try await waitUntil("as many as may are connected") { Sockets.count(of: exporter.process.pid, listening: exporter.url) >= 4 }
                let before = try cpuTicks(of: exporter.process.pid)
                try await Task.sleep(for: .seconds(3))
                let ticks = try cpuTicks(of: exporter.process.pid) - before
                #expect(ticks <= 15, "\(ticks) hundredths of a second in 3 s")
                for client in clients { close(client) }
                clients = []
                #expect(try await exporter.page().value("pgwal_up") == 0)
            }
        }

        /// User and system time in hundredths of a second.
        private func cpuTicks(of pid: Int32) throws -> Int {
            guard let file = fopen("/proc/\(pid)/stat", "r") else { throw SupportFailure("no process \(pid)") }
            defer { fclose(file) }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let length = fread(&buffer, 1, buffer.count, file)
            let text = String(decoding: buffer.prefix(length), as: UTF8.self)
            let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
            guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else { throw SupportFailure(text) }
            return user + system
        }

        @Test("where the system allows too few threads that is said, and nothing waits", .enabled(if: ServerUser.unprivileged != nil))
        func tooFewThreads() async throws {
            let program = TemporaryRoot.uniquePath("exporter")
            try await ChildProcess.check("cp", [Exporter.path, program])
            let errors = try await refusal(Self.target, shell: "ulimit -u 3", user: .unprivileged, program: program)
            #expect(errors.contains("threads are needed, and the system allows ") && errors.contains("ulimit -u"))
        }
    }
}
