import Testing

@testable import RESTClient

struct RESTAddressTests {
    @Test(
        "A URL is taken apart",
        arguments: [
            ("http://db1:8008/patroni", false, "db1", 8_008, "db1:8008", "/patroni", "db1"),
            ("https://db1.example/patroni", true, "db1.example", 443, "db1.example", "/patroni", "db1.example"),
            ("http://db1", false, "db1", 80, "db1", "/", "db1"),
            ("http://db1:/x", false, "db1", 80, "db1:", "/x", "db1"),
            ("https://10.0.0.1:8008/a/b:c", true, "10.0.0.1", 8_008, "10.0.0.1:8008", "/a/b:c", nil),
            ("https://[2001:db8::1]:8008/patroni", true, "2001:db8::1", 8_008, "[2001:db8::1]:8008", "/patroni", nil),
            ("http://[::1]/patroni", false, "::1", 80, "[::1]", "/patroni", nil),
        ] as [(String, Bool, String, Int, String, String, String?)]
    )
    func parts(url: String, isTLS: Bool, host: String, port: Int, authority: String, path: String, serverName: String?) throws {
        let address = try #require(RESTAddress(url))
        #expect(address.isTLS == isTLS)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.authority == authority)
        #expect(address.path == path)
        #expect(address.serverName == serverName)
    }

    @Test(
        "What is no URL of HTTP is refused",
        arguments: [
            "", "nonsense", "ftp://db1", "http://", "http:///patroni", "http://:8008", "http://db1:x", "http://db1:0", "http://db1:65536",
            "http://db1:-1", "http://db1:+1", "http://db1:8008:1", "http://[::1", "http://[]:8008", "http://[::1]8008", "http://[::1]x:8008",
            "http://a]:1", "http://a[b",
        ]
    )
    func nonsense(url: String) {
        #expect(RESTAddress(url) == nil)
    }
}
