import Testing

@testable import WebServer

struct ListenAddressTests {
    @Test(
        "An address is read as other exporters write it, and written so again",
        arguments: [
            (":10195", nil, 10_195),
            ("127.0.0.1:10195", "127.0.0.1", 10_195),
            ("localhost:0", "localhost", 0),
            ("0.0.0.0:65535", "0.0.0.0", 65_535),
            ("[::1]:10195", "::1", 10_195),
            ("[fe80::1%eth0]:80", "fe80::1%eth0", 80),
        ] as [(String, String?, Int)]
    )
    func read(text: String, host: String?, port: Int) throws {
        let address = try #require(ListenAddress(text))
        #expect(address == .tcp(host: host, port: port))
        #expect(address.description == text)
    }

    @Test("All interfaces may be written with empty brackets")
    func emptyBrackets() throws {
        let address = try #require(ListenAddress("[]:80"))
        #expect(address == .tcp(host: nil, port: 80))
    }

    @Test("A socket in the file system is written with its path")
    func unixSocket() {
        #expect(ListenAddress("unix:/run/pgwal.sock") == .unix(path: "/run/pgwal.sock"))
        #expect(ListenAddress("unix:/run/pgwal.sock")?.description == "unix:/run/pgwal.sock")
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "", "10195", ":", "host", "host:", ":65536", ":-1", ":+80", ": 80", ":80 ", ":http", ":٨٠", ":0x50", "::1:80", "::", "[::1]", "[::1",
            "[::1:80", "::1]:80", "[:80", "]:80", "a[b]:80", "http://host:80/",
            "unix:", "unix:/", "unix:relative", "unix:///\(String(repeating: "x", count: 120))",
        ]
    )
    func refused(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test("To listen on all interfaces is to bind the IPv6 address that takes both, where there is IPv6; a host is taken as it is")
    func bindHost() {
        #expect(["::", "0.0.0.0"].contains(ListenAddress.bindHost(nil)))
        #expect(ListenAddress.bindHost("::1") == "::1")
    }
}
