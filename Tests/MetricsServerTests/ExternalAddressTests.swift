import Testing

@testable import MetricsServer

struct ExternalAddressTests {
    @Test(
        "A URL is read in its parts",
        arguments: [
            ("http://exporter.example:10195", "http", "exporter.example:10195", ""), ("https://a/", "https", "a", ""),
            ("https://[2001:db8::1]:443/x/y/", "https", "[2001:db8::1]:443", "/x/y"),
        ]
    )
    func url(text: String, scheme: String, authority: String, prefix: String) throws {
        let address = try #require(ExternalAddress(url: text))
        #expect(address.scheme == scheme && address.authority == authority && address.prefix == prefix)
    }

    @Test(
        "What is no such URL is refused",
        arguments: [
            "", "exporter:80", "ftp://a", "http://", "http:///x", "http://a b", "http://user@a", "http://a:0", "http://a:65536", "http://a:",
            "http://a:x",
            "http://a//b", "http://a/?x", "http://[::1", "http://[x]", "http://a/\"",
        ]
    )
    func refused(text: String) {
        #expect(ExternalAddress(url: text) == nil)
    }
}
