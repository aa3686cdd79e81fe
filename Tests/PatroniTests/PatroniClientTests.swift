import Dispatch
import NIOPosix
import NIOSSL
import PostgresTestSupport
import RESTClient
import ReplicationModel
import Synchronization
import Testing
import TimeSupport

@testable import Patroni

struct PatroniClientTests {
    @Test("A cluster is read from its interfaces")
    func reads() async throws {
        try await withServer(healthy) { server in
            let cluster = await poll([server.url + "/"])
            #expect(cluster.name == "a")
            #expect(cluster.labels == ["site": "1"])
            #expect(cluster.endpoints == [.init(url: server.url + "/", problem: nil)])
            #expect(cluster.members.map(\.name) == ["a-1", "a-2", "a-3"])
            #expect(cluster.settings?.permanentSlots.count == 2)
            #expect(cluster.isPaused == false)
            #expect(cluster.version == .init(major: 4, minor: 1))
            #expect(cluster.lastSwitch == 1_795_464_356.220131)
            #expect(cluster.readAt == 1_000)
            #expect(cluster.isDCSReachable == true)
            #expect(server.requests.sorted() == ["/cluster", "/config", "/history", "/patroni"])
        }
    }

    @Test("The first interface that answers is asked for the cluster, all are asked how they are")
    func severalInterfaces() async throws {
        let closed = try PortReservation()
        let down = "http://127.0.0.1:\(closed.port)"
        try await withServer(healthy) { server in
            let cluster = await poll([down, server.url])
            #expect(cluster.endpoints.first?.problem == "GET \(down)/patroni: connection refused")
            #expect(cluster.endpoints.last?.isUp == true)
            #expect(cluster.members.count == 3)
        }
    }

    @Test("The version is the lowest that any member tells, and the cluster is read once")
    func lowestVersion() async throws {
        try await withServer(healthy) { new in
            try await withServer({ $0 == "/patroni" ? .body(Recordings.status3) : healthy($0) }) { old in
                #expect(await poll([new.url, old.url]).version == .init(major: 3, minor: 0))
                #expect((new.requests + old.requests).filter { $0 == "/cluster" }.count == 1)
            }
        }
    }

    @Test("What one interface cannot tell, the next one does")
    func partialAnswers() async throws {
        let isWithoutSettings: @Sendable (String) -> TestServer.Reply = { $0 == "/config" ? .body("", status: 502) : healthy($0) }
        let hasSettingsOnly: @Sendable (String) -> TestServer.Reply = {
            $0 == "/cluster" || $0 == "/history" ? .body("", status: 503) : healthy($0)
        }
        try await withServer(isWithoutSettings) { one in
            let cluster = await poll([one.url])
            #expect(cluster.members.count == 3)
            #expect(cluster.settings == nil)
            #expect(cluster.endpoints.first?.problem == "GET \(one.url)/config: HTTP status 502")
            try await withServer(hasSettingsOnly) { other in
                let cluster = await poll([one.url, other.url])
                #expect(cluster.members.count == 3)
                #expect(cluster.settings != nil)
                #expect(cluster.lastSwitch != nil)
                let alone = await poll([other.url])
                #expect(alone.members == [])
                let problem = "GET \(other.url)/cluster: HTTP status 503; GET \(other.url)/history: HTTP status 503"
                #expect(alone.endpoints.first?.problem == problem)
            }
        }
    }

    @Test("When nobody answers, the last known stays, and the interfaces say why")
    func keepsLastKnown() async throws {
        let closed = try PortReservation()
        let known = try await withServer(healthy) { await poll([$0.url]) }
        let down = "http://127.0.0.1:\(closed.port)"
        let cluster = await poll([down], previous: known)
        var expected = known
        expected.isDCSReachable = nil
        expected.failedPolls = 1
        expected.endpoints = [.init(url: down, problem: "GET \(down)/patroni: connection refused")]
        #expect(cluster == expected)
    }

    @Test("A wrong answer costs no more than what it would have told")
    func wrongAnswer() async throws {
        let known = try await withServer(healthy) { await poll([$0.url]) }
        try await withServer({ $0 == "/history" ? .body("{}") : healthy($0) }) { server in
            let cluster = await poll([server.url], previous: known)
            #expect(cluster.endpoints.first?.problem == "GET \(server.url)/history: expected a list")
            #expect(cluster.lastSwitch == known.lastSwitch)
            #expect(cluster.members.count == 3)
        }
    }

    @Test("What is odd costs itself, and is told as long as it is there")
    func oddAnswer() async throws {
        let odd = Recordings.healthy4.replacing(#""port": 23022"#, with: #""port": "many""#)
        try await withServer({ $0 == "/cluster" ? .body(odd) : healthy($0) }) { server in
            let cluster = await poll([server.url])
            #expect(cluster.endpoints == [.init(url: server.url, problem: nil)])
            #expect(cluster.members.map(\.address?.port) == [23_021, nil, 23_023])
            #expect(cluster.oddities == ["GET /cluster: members[1].port: expected a port"])
            try await withServer(healthy) { #expect(await poll([$0.url], previous: cluster).oddities == []) }
        }
    }

    @Test("What one interface tells of the cluster is known before another one that hangs")
    func knownEarly() async throws {
        try await withServer({ _ in .silence }) { hanging in
            try await withServer(healthy) { server in
                let options = PatroniOptions(urls: [hanging.url, server.url], timeout: .seconds(100))
                try await withClient(options) { client in
                    let (told, teller) = AsyncStream.makeStream(of: PatroniCluster.self)
                    let polling = Task {
                        _ = await client.poll(previous: nil, until: .now + .seconds(100)) { teller.yield($0) }
                        teller.finish()
                    }
                    var all = told.makeAsyncIterator()
                    let known = try #require(await all.next(), "before the other one has hung for its time")
                    #expect(known.members.count == 3 && known.settings != nil)
                    #expect(known.endpoints.map(\.problem) == ["not asked yet", nil])
                    polling.cancel()
                    #expect(await all.next() == nil, "told once")
                }
            }
        }
    }

    @Test("A key that is gone is gone: it is not kept from the last answer")
    func replacesKnown() async throws {
        let known = try await withServer({ $0 == "/cluster" ? .body(Recordings.paused4) : healthy($0) }) { await poll([$0.url]) }
        #expect(known.isPaused == true)
        try await withServer(healthy) { #expect(await poll([$0.url], previous: known).isPaused == false) }
    }

    @Test(
        "What an unusable interface does is told in clear words",
        arguments: [
            (.body(Recordings.status4, status: 503), "HTTP status 503"),
            (.body("<html></html>"), "not JSON"),
            (.redirect(to: "/cluster"), "HTTP status 302"),
            (.hugeBody, "the answer is longer than 1 MiB"),
            (.silence, "no answer in time"),
            (.halfBody, "no answer in time"),
        ] as [(TestServer.Reply, String)]
    )
    func problems(reply: TestServer.Reply, problem: String) async throws {
        try await withServer({ _ in reply }) { server in
            let isSlow = problem == "no answer in time"
            let watch = Stopwatch()
            let cluster = await poll([server.url], timeout: isSlow ? .seconds(1) : .seconds(60))
            #expect(cluster.endpoints == [.init(url: server.url, problem: "GET \(server.url)/patroni: \(problem)")])
            // By the time of a request, long before that of the whole poll.
            #expect(watch.elapsed < .seconds(60))
            // Neither a redirect followed nor anything tried again.
            #expect(isSlow ? server.requests.count <= 1 : server.requests == ["/patroni"])
        }
    }

    @Test("An interface that hangs does not keep the others from being used, and the whole poll has an end")
    func hangingInterface() async throws {
        try await withServer({ _ in .silence }) { hanging in
            try await withServer(healthy) { server in
                let watch = Stopwatch()
                let cluster = await poll([hanging.url, server.url], timeout: .seconds(300), deadline: .seconds(15))
                #expect(watch.elapsed < .seconds(60))
                #expect(cluster.members.count == 3)
                #expect(cluster.endpoints.map(\.isUp) == [false, true])
            }
        }
    }

    @Test("A host that does not exist, and a URL that is none")
    func badAddresses() async throws {
        let cluster = await poll(["http://host.invalid:8008", "nonsense"])
        #expect(cluster.endpoints.first?.problem == "GET http://host.invalid:8008/patroni: no address found for host.invalid")
        #expect(cluster.endpoints.last?.isUp == false)
    }

    // MARK: Basic authentication

    @Test("Name and password go with each request to a configured interface, and to nobody else")
    func authenticates() async throws {
        try await withServer(healthy) { elsewhere in
            try await withServer({ $0 == "/config" ? .redirect(to: elsewhere.url + "/config") : healthy($0) }) { server in
                let cluster = await poll([server.url], credentials: RESTCredentials(username: "u", password: { "sEcret:ä" }))
                #expect(cluster.members.count == 3)
                #expect(cluster.endpoints.first?.problem == "GET \(server.url)/config: HTTP status 302")
                #expect(server.authorizations == Array(repeating: "Basic dTpzRWNyZXQ6w6Q=", count: 4))
                #expect(elsewhere.requests == [])
                _ = await poll([elsewhere.url])
                #expect(elsewhere.authorizations == [nil, nil, nil, nil])
            }
        }
    }

    @Test("What is answered beside a refusal is not repeated: it may be what was sent")
    func refusalsAreNotQuoted() async throws {
        try await withServer({ _ in .echo(status: 503) }) { server in
            let cluster = await poll([server.url], credentials: RESTCredentials(username: "u", password: { "sEcret:ä" }))
            #expect(cluster.endpoints.first?.problem == "GET \(server.url)/patroni: HTTP status 503")
        }
    }

    @Test("A password that is changed is taken up, and one that is not to be had is told, and nothing asked")
    func readsPasswords() async throws {
        struct Missing: Error, CustomStringConvertible {
            let description = "password file /p: is empty"
        }
        let password = Mutex<String?>("a")
        let credentials = RESTCredentials(username: "u") { try password.withLock { $0 }.map { $0 } ?? { throw Missing() }() }
        try await withServer({ $0 == "/patroni" ? .body("", status: 401) : healthy($0) }) { server in
            let refused = await poll([server.url], credentials: credentials)
            #expect(
                refused.endpoints.first?.problem
                    == "GET \(server.url)/patroni: HTTP status 401: it wants a name and password that it knows: see basic_auth"
            )
            password.withLock { $0 = "b" }
            _ = await poll([server.url], credentials: credentials)
            #expect(server.authorizations == ["Basic dTph", "Basic dTpi"])
            password.withLock { $0 = nil }
            let cluster = await poll([server.url], credentials: credentials)
            #expect(cluster.endpoints.first?.problem == "GET \(server.url)/patroni: password file /p: is empty")
            #expect(server.requests.count == 2)
        }
    }

    @Test("A disk that does not give the password costs until the deadline, and one thread, however often it is asked", .timeLimit(.minutes(2)))
    func hangingPassword() async throws {
        let readings = Mutex(0)
        let disk = DispatchSemaphore(value: 0)
        let credentials = RESTCredentials(username: "u") {
            readings.withLock { $0 += 1 }
            disk.wait()
            disk.signal()
            return "p"
        }
        try await withServer(healthy) { server in
            for _ in 0..<3 {
                let cluster = await poll([server.url], credentials: credentials, timeout: .milliseconds(300))
                #expect(cluster.endpoints.first?.problem == "GET \(server.url)/patroni: no answer in time")
            }
            #expect(readings.withLock(\.self) == 1)
            #expect(server.requests == [])
            disk.signal()
            #expect(await poll([server.url], credentials: credentials).members.count == 3)
        }
    }

    // MARK: TLS

    @Test("A server is trusted by its authority, or when told to trust any")
    func trusted() async throws {
        let files = try await Certificates.make()
        try await withServer(tls: files.server(), healthy) { server in
            let url = "https://127.0.0.1:\(server.port)"
            #expect(
                await poll([url], PatroniOptions(urls: [url], trust: .init(caFile: files.authority))).endpoints == [.init(url: url, problem: nil)]
            )
            #expect(
                await poll([url], PatroniOptions(urls: [url], trust: .init(insecureSkipVerify: true))).endpoints == [.init(url: url, problem: nil)]
            )
        }
    }

    @Test("A server that another authority vouches for is not talked to")
    func untrusted() async throws {
        let files = try await Certificates.make()
        let others = try await Certificates.make()
        try await withServer(tls: files.server(), healthy) { server in
            let url = "https://127.0.0.1:\(server.port)"
            for options in [PatroniOptions(urls: [url], trust: .init(caFile: others.authority)), PatroniOptions(urls: [url])] {
                let problem = try #require(await poll([url], options).endpoints.first?.problem)
                #expect(problem == "GET \(url)/patroni: TLS: handshake failed, the server's certificate is not trusted")
            }
            #expect(server.requests == [])
        }
    }

    @Test("A certificate for another host is not accepted")
    func wrongHost() async throws {
        let files = try await Certificates.make(name: "IP:127.0.0.2")
        try await withServer(tls: files.server(), healthy) { server in
            let url = "https://127.0.0.1:\(server.port)"
            let problem = try #require(await poll([url], PatroniOptions(urls: [url], trust: .init(caFile: files.authority))).endpoints.first?.problem)
            #expect(problem == "GET \(url)/patroni: TLS: the server's certificate is for another host")
            #expect(server.requests == [])
        }
    }

    @Test("A server that wants a certificate gets one, when there is one")
    func clientCertificate() async throws {
        let files = try await Certificates.make()
        try await withServer(tls: files.server(asksClients: true), healthy) { server in
            let url = "https://127.0.0.1:\(server.port)"
            var options = PatroniOptions(urls: [url], trust: .init(caFile: files.authority, certFile: files.certificate, keyFile: files.key))
            #expect(await poll([url], options).endpoints == [.init(url: url, problem: nil)])
            options.trust.certFile = nil
            options.trust.keyFile = nil
            let problem = try #require(await poll([url], options).endpoints.first?.problem)
            // The alert may be lost in the closing of the connection; a place in BoringSSL's sources is never told.
            #expect(!problem.contains(".cc"))
        }
    }

    @Test("A file that is not there or holds no certificate is told by its path")
    func badFiles() async throws {
        let files = try await Certificates.make()
        let url = "https://127.0.0.1:1"
        let missing = await poll([url], PatroniOptions(urls: [url], trust: .init(caFile: "/nowhere/ca.pem")))
        #expect(missing.endpoints.first?.problem == "GET \(url)/patroni: cannot read the CA file /nowhere/ca.pem")
        let key = await poll([url], PatroniOptions(urls: [url], trust: .init(caFile: files.key)))
        #expect(key.endpoints.first?.problem == "GET \(url)/patroni: no usable certificate in \(files.key)")
        let keyless = await poll([url], PatroniOptions(urls: [url], trust: .init(certFile: files.certificate)))
        #expect(keyless.endpoints.first?.problem == "GET \(url)/patroni: no usable key in \(files.certificate)")
    }

    #if os(Linux)
        @Test("A disk that does not give a file costs until the deadline", .enabled(if: HangingDisk.isPossible), .timeLimit(.minutes(2)))
        func hangingFile() async throws {
            let disk = try #require(HangingDisk())
            defer { disk.end() }
            let url = "https://127.0.0.1:1"
            let watch = Stopwatch()
            let cluster = await poll([url], PatroniOptions(urls: [url], trust: .init(caFile: disk.path + "/ca.pem")), timeout: .seconds(1))
            #expect(cluster.endpoints.first?.problem == "GET \(url)/patroni: no answer in time")
            #expect(watch.elapsed < .seconds(20))
        }
    #endif

    @Test("Certificates that are renewed are read again by the same client")
    func renewal() async throws {
        let old = try await Certificates.make()
        let new = try await Certificates.make()
        try await withServer(tls: new.server(), healthy) { server in
            let url = "https://127.0.0.1:\(server.port)"
            try await withClient(PatroniOptions(urls: [url], trust: .init(caFile: old.authority), timeout: .seconds(60))) { client in
                #expect(await client.poll(previous: nil, until: .now + .seconds(120)).endpoints.first?.isUp == false)
                try await ChildProcess.check("/bin/cp", [new.authority, old.authority])
                #expect(await client.poll(previous: nil, until: .now + .seconds(120)).endpoints.first?.isUp == true)
            }
        }
    }
}
