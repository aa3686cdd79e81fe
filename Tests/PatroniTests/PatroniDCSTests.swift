import ReplicationModel
import Testing

@testable import Patroni

/// Members that answer, and know nothing of their cluster.
struct PatroniDCSTests {
    @Test(
        "Who answers for himself and from the DCS nothing has lost it, when he knows no leader or says that it is long ago; his interface works",
        arguments: [#""cluster_unlocked": true"#, #""failsafe_mode_is_active": true"#, #""dcs_last_seen": 984"#]
    )
    func dcsUnreachable(sign: String) async throws {
        let known = try await withServer(healthy) { await poll([$0.url]) }
        let status = #"{"state": "running", "role": "replica", \#(sign), "patroni": {"version": "4.1.5"}}"#
        try await withServer({ $0 == "/patroni" ? .body(status) : .body("", status: 503) }) { server in
            let first = await poll([server.url], previous: known)
            // How long ago is judged by our own clock: from when on it does not change.
            #expect(first.isDCSReachable == (sign.contains("last_seen") ? nil : false))
            let cluster = await poll([server.url], previous: first, at: 1_016)
            #expect(cluster.isDCSReachable == false)
            #expect(cluster.endpoints == [.init(url: server.url, problem: nil)])
            #expect(cluster.dcsProblem?.hasPrefix("GET \(server.url)/cluster: HTTP status 503") == true)
            #expect(cluster.members == known.members)
            #expect(cluster.settings == known.settings)
            // Another one that has the DCS speaks for the cluster.
            try await withServer(healthy) { #expect(await poll([server.url, $0.url], previous: cluster).isDCSReachable == true) }
        }
    }

    @Test("A member with a wrong clock that reaches its DCS has not lost it, though only its status is let through")
    func wrongClock() async throws {
        var cluster: PatroniCluster?
        for time in stride(from: 1_000.0, through: 1_080, by: 20) {
            let status = #"{"dcs_last_seen": \#(Int(time) - 600), "patroni": {"version": "4.1.5"}}"#
            try await withServer({ $0 == "/patroni" ? .body(status) : .body("", status: 403) }) { server in
                // The same interface, whatever its port is here.
                var previous = cluster
                if let contact = previous?.dcsContacts.values.first { previous?.dcsContacts = [server.url: contact] }
                let now = await poll([server.url], previous: previous, at: time)
                #expect(now.isDCSReachable == nil && now.dcsContacts.count == 1)
                cluster = now
            }
        }
    }

    @Test(
        "Without such a sign it may be that only these paths are closed",
        arguments: ["", #""dcs_last_seen": 990,"#, #""cluster_unlocked": false,"#]
    )
    func onlyStatus(sign: String) async throws {
        let status = #"{\#(sign) "patroni": {"version": "4.1.5"}}"#
        try await withServer({ $0 == "/patroni" ? .body(status) : .body("", status: 403) }) { server in
            let cluster = await poll([server.url])
            #expect(cluster.isDCSReachable == nil)
            #expect(cluster.endpoints.first?.isUp == false)
        }
    }
}
