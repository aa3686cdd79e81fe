import Testing

@testable import MetricsServer

struct TelemetryPathTests {
    @Test(
        "Why a text is no telemetry path",
        arguments: [
            ("metrics", "such as /metrics"), ("", "such as /metrics"), ("/", "something else"), ("/sd", "something else"),
            ("/metrics/", "slash at its end"),
            ("//", "empty part"), ("/a//b", "empty part"), ("/../a", "resolved"), ("/a/.", "resolved"), ("/%41", "\"%\""), ("/{a}", "\"{\""),
            ("/:a", "\":\""), ("/\u{0}", "\"\\0\""), ("/ä", "\"\\u{00E4}\""),
        ]
    )
    func refused(text: String, reason: String) {
        #expect { try TelemetryPath(text) } throws: { "\($0)".contains(reason) }
    }

    @Test("What the router tells apart is served", arguments: ["/metrics", "/a/b", "/probes", "/role", "/...", "/a.b"])
    func served(text: String) throws {
        #expect(try TelemetryPath(text).text == text)
    }
}
