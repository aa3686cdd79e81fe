import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    /// What systemd hears of the exporter: Type=notify, WatchdogSec=, and LoadCredential=.
    @Suite
    struct ServiceManagerTests {
        @Test("systemd hears when the first page can be served, how the targets are, of a reload, of a refused one, and of the end")
        func story() async throws {
            let manager = try NotifySocket()
            let good = Exporter.configuration([("a", "host=127.0.0.1 port=9 user=x"), ("b", "host=127.0.0.1 port=9 user=x")])
            let file = try Exporter.file(good)
            let exporter = try await Exporter(["--config.file", file], environment: ["NOTIFY_SOCKET": manager.path])
            try await withExporter(exporter) { exporter in
                func wait(for line: String, _ count: Int = 1) async throws {
                    do {
                        try await waitUntil(line) {
                            manager.read()
                            return manager.story.count { $0 == line } == count
                        }
                    } catch { throw SupportFailure("\(error): \(manager.story)") }
                }
                try await wait(for: "READY=1")
                try await wait(for: "STATUS=2 targets: 2 down")
                #expect(manager.watchdogCount == 0, "nobody has asked for it")
                exporter.process.send(signal: SIGHUP)
                try await wait(for: "READY=1", 2)
                let reload = ["RELOADING=1", "MONOTONIC_USEC", "READY=1"]
                #expect(manager.story.filter { !$0.hasPrefix("STATUS=") } == ["READY=1"] + reload)
                let monotonic = manager.messages.compactMap { $0.split(separator: "MONOTONIC_USEC=").last.flatMap { Int64($0) } }.first ?? 0
                var now = timespec()
                clock_gettime(CLOCK_MONOTONIC, &now)
                #expect(monotonic > 0 && Int64(now.tv_sec) - monotonic / 1_000_000 < 60)
                try Exporter.replace(file, with: "targets: 5\n")
                exporter.process.send(signal: SIGHUP)
                try await wait(for: "STATUS=2 targets: 2 down; the last configuration was refused")
                exporter.process.send(signal: SIGTERM)
                #expect(try await exporter.process.waitForExit() == .code(0))
                manager.read()
                #expect(manager.story.suffix(2) == ["STOPPING=1", "STATUS=stopping"], "\(manager.story)")
                #expect(manager.story.filter { !$0.hasPrefix("STATUS=") } == ["READY=1"] + reload + reload + ["STOPPING=1"])
            }
        }

        @Test("the watchdog hears nothing while a loop does not turn, and is told when it turns again", .timeLimit(.minutes(3)))
        func watchdog() async throws {
            let manager = try NotifySocket()
            let exporter = try await Exporter(
                ["--dsn", "host=127.0.0.1 port=9 user=x"],
                environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "3000000"]
            )
            try await withExporter(exporter) { exporter in
                try await waitUntil("it says that its loops turn") {
                    manager.read()
                    return manager.watchdogCount > 2
                }
                let thread = try await FrozenThread("pgwal-io", of: exporter.process)
                try await waitUntil("it says that they do not") {
                    manager.read()
                    return manager.story.last?.contains("the loop of the PostgreSQL connections has not turned for") == true
                }
                let before = manager.watchdogCount
                try await waitUntil("it has said so for more than the watchdog's time") {
                    manager.read()
                    return manager.story.count { $0.contains("has not turned for") } > 4
                }
                #expect(manager.watchdogCount == before)
                await thread.thaw()
                try await waitUntil("it says that they turn again") {
                    manager.read()
                    return manager.watchdogCount > before && manager.story.last == "STATUS=1 target: 1 down"
                }
            }
        }

        @Test("a password file may be a credential of the unit: ${CREDENTIALS_DIRECTORY}/NAME")
        func credential() async throws {
            let secret = try Exporter.file("the password")
            let folder = String(secret[..<(secret.lastIndex(of: "/") ?? secret.endIndex)])
            let name = secret.dropFirst(folder.count + 1)
            let file = try Exporter.file("targets: [{name: a, dsn: host=h, password_file: '${CREDENTIALS_DIRECTORY}/\(name)'}]\n")
            func check(_ environment: [String: String]) async throws -> ChildProcess.Outcome {
                try await ChildProcess.run(Exporter.path, ["config", "--config.file", file], environment: environment)
            }
            let known = try await check(["CREDENTIALS_DIRECTORY": folder])
            #expect(known.status == .code(0) && known.output.contains("password_file: \(secret)\n"), "\(known)")
            let unknown = try await check([:])
            #expect(unknown.status == .code(1) && unknown.errors.contains("targets[0].password_file: this file cannot be read"), "\(unknown)")
        }
    }
}
