import PostgresTestSupport
import Testing

extension IntegrationTests {
    @Suite
    struct TelemetryPathTests {
        @Test(
            "a telemetry path that is no path, or is taken, is refused in a sentence",
            arguments: [
                "", "/", "//", "///", "metrics", "/metrics/", "/probe", "/probe/", "/sd/", "/a//b", "//a", "/x/../y", "/./metrics", "/..",
                "/-/healthy", "/-/healthy/", "/api/v1/topology", "/%6detrics", "/a%2fb", "/100%", "/a b", "/ä", "/a?b", "/a#b", "/:x", "/{x}",
                "/x{y}", "/*", "/**", "/a*", "/a\\b", "/a\tb",
            ]
        )
        func refused(path: String) async throws {
            let arguments = ["serve", "--web.listen-address", "127.0.0.1:0", "--dsn", "host=127.0.0.1 port=9", "--web.telemetry-path", path]
            let outcome = try await ChildProcess.run(Exporter.path, arguments)
            #expect(outcome.status == .code(64))
            #expect(outcome.errors.contains("invalid for '--web.telemetry-path <path>': "), "\(outcome.errors)")
        }

        @Test(
            "others are served there, and nowhere else",
            arguments: ["/a/b", "/role", "/-", "/api/v1", "/a.b;c=1", "/x..y", "/Probe", "/~!$&'()+,@"]
        )
        func served(path: String) async throws {
            let exporter = try await Exporter(["--dsn", "host=127.0.0.1 port=9 user=x", "--web.telemetry-path", path])
            try await withExporter(exporter) { exporter in
                let page = try await exporter.page(path)
                #expect(try page.value("pgwal_up") == 0)
                #expect(try await HTTP.get(exporter.url + "/metrics").status == 404)
                #expect(try await HTTP.get(exporter.url + "/").body.contains("Metrics</a>"))
            }
        }
    }
}
