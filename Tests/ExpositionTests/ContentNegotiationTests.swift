import Exposition
import Testing

@Suite("Content negotiation")
struct ContentNegotiationTests {
    @Test(
        "Prometheus gets OpenMetrics",
        arguments: [
            // 2.42, as in Debian 12.
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            // 2.26
            "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            // 3.x
            """
            application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,\
            text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2
            """,
            // 3.x that wants native histograms
            """
            application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,\
            application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,\
            text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2
            """,
        ]
    )
    func prometheus(accept: String) {
        #expect(ContentNegotiation.format(accept: accept) == .openMetrics)
    }

    @Test(
        "The classic format is the answer to everybody who does not prefer OpenMetrics",
        arguments: [
            nil, "", "*/*", "text/plain", "text/*", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
            "text/plain;version=0.0.4;q=1,*/*;q=0.1", "application/json", "image/png", ",,;,", "garbage", "text/plain;version=1.0.0",
            "application/openmetrics-text;q=0", "application/openmetrics-text;version=2.0.0", "application/openmetrics-text;version=0.0.2",
            "application/openmetrics-text;q=2", "application/openmetrics-text;q=abc", "application/openmetrics-text;q=0.0001",
            "application/openmetrics-text;q=-1", "application/openmetrics-text;q=", "application/openmetrics-text;q", "*/*;q=0",
            "application/openmetrics-text;q=0.3, text/plain;q=0.4", "text/plain, application/openmetrics-text",
            "text/plain, application/openmetrics-text, text/plain;version=0.0.4",
            "application/openmetrics-text;q=0, */*", "text/plain;q=0, application/openmetrics-text;q=0",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
            "x;y=\"application/openmetrics-text,\"", "application/openmetrics-text;x=\"unended, application/openmetrics-text",
            "application/*, text/*", "application/openmetrics-text;x=\"a\"b", "application/openmetrics-text;x=a\"b\"",
        ] as [String?]
    )
    func classic(accept: String?) {
        #expect(ContentNegotiation.format(accept: accept) == .prometheusText)
    }

    @Test(
        "OpenMetrics is the answer to everybody who prefers it",
        arguments: [
            "application/openmetrics-text", "APPLICATION/OpenMetrics-Text; Version=1.0.0; Q=1.000",
            " application/openmetrics-text ;\tversion = 1.0.0 ",
            "application/openmetrics-text;version=\"1.0.0\"", "application/openmetrics-text;version=1.1.0", "application/openmetrics-text;q=0.001",
            "application/openmetrics-text;charset=utf-8;escaping=underscores", "text/plain;q=0.5, application/openmetrics-text;q=0.51",
            "application/openmetrics-text, text/plain", "application/openmetrics-text, */*", "*/*, application/openmetrics-text",
            "application/openmetrics-text;q=0.5,*/*;q=0.5", "application/*", "text/plain;q=0, */*", "text/plain;q=0,application/*;q=0.1",
            "application/openmetrics-text;version=2.0.0, application/openmetrics-text;version=1.0.0;q=0.2",
            "text/plain;version=1.0.0, application/openmetrics-text;q=0.1", ", ,application/openmetrics-text",
            "application/openmetrics-text;x=\"a,b;q=0\\\"\";q=0.4", "text/html;q=oops, application/openmetrics-text",
        ]
    )
    func openMetrics(accept: String) {
        #expect(ContentNegotiation.format(accept: accept) == .openMetrics)
    }

    @Test(
        "Gzip is used for clients that ask for it",
        arguments: [
            "gzip", "GZIP", "x-gzip", "gzip, deflate, br", "deflate;q=1.0, gzip;q=0.5", "*", "*;q=0.1", "identity, *", "gzip;q=0.001",
            " gzip ; q=1 ", "br;q=oops, gzip", "*;q=0, gzip", "identity;q=0, gzip;q=1.0",
        ]
    )
    func gzip(acceptEncoding: String) {
        #expect(ContentNegotiation.acceptsGzip(acceptEncoding: acceptEncoding))
    }

    @Test(
        "Gzip is not used for clients that do not ask for it, refuse it, or cannot be understood",
        arguments: [
            nil, "", "identity", "deflate, br", "gzip;q=0", "gzip;q=0.000", "gzip;q=0, *", "*;q=0", "gzip;q=abc", "gzip;q=1.1", "gzip;q", "gzip q=1",
            "gzipped", "\"gzip\"", ";q=1", ",",
        ] as [String?]
    )
    func noGzip(acceptEncoding: String?) {
        #expect(!ContentNegotiation.acceptsGzip(acceptEncoding: acceptEncoding))
    }
}
