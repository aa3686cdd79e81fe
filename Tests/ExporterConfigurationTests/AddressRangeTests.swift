import ExporterConfiguration
import Testing

struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.0.0.0/8", "9.255.255.255", false),
        ("10.77.0.128/25", "10.77.0.128", true), ("10.77.0.128/25", "10.77.0.255", true), ("10.77.0.128/25", "10.77.0.127", false),
        ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false), ("10.0.0.1/32", "10.0.0.1", true), ("0.0.0.0/0", "203.0.113.5", true),
        ("0.0.0.0/0", "::1", false), ("::/0", "::1", true), ("::/0", "10.0.0.1", false), ("fd00::/8", "fd12:3456::1", true),
        ("fd00::/8", "FD12::1", true), ("fd00::/8", "fe80::1", false), ("fe80::/10", "fe80::1%eth0", true), ("::1", "0:0:0:0:0:0:0:1", true),
        // The same server by either protocol's way to write it.
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:0:0", "10.0.0.1", false), ("::/0", "::ffff:10.1.2.3", false),
        ("10.0.0.0/9", "10.128.0.0", false), ("10.0.0.0/9", "10.127.255.255", true),
    ])
    func `a range holds the addresses with its beginning`(range: String, address: String, isInside: Bool) throws {
        #expect([try #require(AddressRange(range))].contains(host: address) == isInside)
    }

    @Test(arguments: [
        "", "10.0.0.0/", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08x", "10.0.0/8", "10.0.0.1/8", "::1/64", "fd00::/129",
        "pg.example", "10.0.0.0/8/8", " 10.0.0.0/8", "0x0a.0.0.0/8", "10.0.0.0/ 8", "fe80::%eth0/10",
    ])
    func `anything else is none`(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test(arguments: ["pg.example", "10.1", "0x0a000001", "167772161", "010.0.0.1", "localhost", "", "10.0.0.1.", "[::1]"])
    func `only a lookup tells where a name leads, and where other ways to write an address do`(host: String) throws {
        #expect([try #require(AddressRange("10.0.0.0/8"))].contains(host: host) == nil)
    }

    @Test(arguments: [
        ("http://10.0.0.1:8008", true), ("https://10.0.0.1:8008", false), ("http://127.0.0.1:8008", false), ("http://127.9.9.9", false),
        ("http://localhost:8008/x", false), ("http://LOCALHOST", false), ("http://[::1]:8008", false), ("http://[::2]:8008", true),
        ("http://localhost.example", true), ("http://127.0.0.1.example", true), ("http://patroni", true),
    ])
    func `a password for REST is exposed by plain HTTP to another host`(url: String, isExposed: Bool) {
        var cluster = PatroniConfiguration(name: "a", urls: [url], dsn: Secret(""))
        #expect(cluster.urlsThatExposePasswords == [])
        cluster.basicAuth = .init(username: "u", password: .text(Secret("p")))
        #expect(cluster.urlsThatExposePasswords == (isExposed ? [url] : []))
    }
}
