import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension IntegrationTests {
    @Suite(.serialized)
    struct DemoTests {
        private static let demo = String(Exporter.path.dropLast("exporter".count)) + "demo"

        @Test("the demo shows two servers at work, and Ctrl-C leaves nothing behind")
        func demo() async throws {
            let port = try PortReservation()
            let process = try ChildProcess(
                Self.demo,
                [Exporter.path],
                environment: ["PGWAL_DEMO_LISTEN": "127.0.0.1:\(port.port)"]
            )
            try await waitUntil("the demo says where to look") {
                guard process.isRunning else { throw SupportFailure("it ended: \(process.output)") }
                return process.output.contains("Ctrl-C ends the demo")
            }
            let url = "http://127.0.0.1:\(port.port)"
            #expect(process.output.contains(":\(port.port)/metrics"))

            var written: Set<Double> = []
            try await waitUntil("the load shows") {
                let page = try await Page(HTTP.get(url + "/metrics").body)
                guard try page.value("pgwal_receiver_up", ["target": "standby"]) == 1,
                    try page.value("pgwal_slot_active", ["slot_type": "logical"]) == 1,
                    try page.value("pgwal_archiver_archived_total") ?? 0 > 0,
                    try page.value("pgwal_wal_directory_segments", ["target": "primary"]) ?? 0 > 0,
                    let position = try page.value("pgwal_wal_written_bytes_total")
                else { return false }
                #expect(page.all("pgwal_collector_success").values.allSatisfy { $0 == 1 })
                #expect(page.all("pgwal_privilege_missing").values.allSatisfy { $0 == 0 })
                written.insert(position)
                return written.count > 2
            }

            let directory = try #require(process.output.split(separator: "Everything is in ").last?.split(separator: ".").first.map(String.init))
            #expect(access(directory, F_OK) == 0)
            process.send(signal: SIGINT)
            #expect(try await process.waitForExit(timeout: .seconds(30)) == .code(0), "\(process.output)")
            #expect(access(directory, F_OK) != 0, "\(directory) is still there")
            #expect(Self.processes(with: directory).isEmpty)
        }

        @Test("with PGWAL_DSN the demo watches that server")
        func ownServer() async throws {
            try await withServers {
                let server = try await PostgresServer.primary(version: 18)
                let port = try PortReservation()
                let process = try ChildProcess(
                    Self.demo,
                    [Exporter.path],
                    environment: ["PGWAL_DEMO_LISTEN": "127.0.0.1:\(port.port)", "PGWAL_DSN": server.conninfo()]
                )
                try await waitUntil("the server is watched") {
                    try await Page(HTTP.get("http://127.0.0.1:\(port.port)/metrics").body).value("pgwal_up") == 1
                }
                process.send(signal: SIGINT)
                #expect(try await process.waitForExit(timeout: .seconds(30)) == .code(0), "\(process.output)")
            }
        }

        /// The command lines of processes that name the directory.
        private static func processes(with directory: String) -> [String] {
            guard let proc = opendir("/proc") else { return [] }
            defer { closedir(proc) }
            var found: [String] = []
            while let entry = readdir(proc) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                guard Int(name) != nil, let file = fopen("/proc/\(name)/cmdline", "r") else { continue }
                defer { fclose(file) }
                var bytes = [UInt8](repeating: 0, count: 8192)
                let count = fread(&bytes, 1, bytes.count, file)
                let line = String(decoding: bytes.prefix(count), as: UTF8.self)
                if line.contains(directory) { found.append(line) }
            }
            return found
        }
    }
}
