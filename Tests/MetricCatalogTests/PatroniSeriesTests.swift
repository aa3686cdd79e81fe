import Exposition
import MetricCatalog
import ReplicationModel
import Testing

struct PatroniSeriesTests {
    @Test("A cluster is told with its name and labels")
    func series() {
        var cluster = PatroniCluster(
            name: "orders",
            labels: ["site": "dc2"],
            endpoints: [.init(url: "http://a:8008", problem: nil), .init(url: "http://b:8008", problem: "refused")]
        )
        cluster.members = [
            PatroniMember(name: "a", role: "standby_leader", state: "running", address: nil, timeline: 3),
            PatroniMember(name: "b", role: "replica", state: "streaming", address: nil, timeline: 2),
            PatroniMember(name: "c", role: "replica", state: "streaming", address: nil, timeline: 2),
        ]
        cluster.unwatched = [.withoutAddress: [], .outside: ["d", "e"], .atOthers: [], .beyondLimit: []]
        cluster.isPaused = true
        cluster.lastSwitch = 1_795_453_600
        cluster.settings = PatroniSettings(standbyCluster: .init(host: "10.0.0.1", port: 5432, slotName: "standby_cluster"))
        let text = String(decoding: Catalog.page(of: [], clusters: [cluster], exporter: nil, format: .prometheusText), as: UTF8.self)
        let series = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            series == [
                #"pgwal_patroni_up{cluster="orders",site="dc2",url="http://a:8008"} 1"#,
                #"pgwal_patroni_up{cluster="orders",site="dc2",url="http://b:8008"} 0"#,
                #"pgwal_patroni_members{cluster="orders",site="dc2",role="replica",state="streaming"} 2"#,
                #"pgwal_patroni_members{cluster="orders",site="dc2",role="standby_leader",state="running"} 1"#,
                #"pgwal_patroni_unwatched_members{cluster="orders",site="dc2",reason="no_address"} 0"#,
                #"pgwal_patroni_unwatched_members{cluster="orders",site="dc2",reason="outside"} 2"#,
                #"pgwal_patroni_unwatched_members{cluster="orders",site="dc2",reason="same_address"} 0"#,
                #"pgwal_patroni_unwatched_members{cluster="orders",site="dc2",reason="max_members"} 0"#,
                #"pgwal_patroni_paused{cluster="orders",site="dc2"} 1"#,
                #"pgwal_patroni_timeline{cluster="orders",site="dc2"} 3"#,
                #"pgwal_patroni_standby_cluster{cluster="orders",site="dc2",upstream_host="10.0.0.1",slot_name="standby_cluster"} 1"#,
                #"pgwal_patroni_last_switch_timestamp_seconds{cluster="orders",site="dc2"} 1795453600"#,
            ]
        )
    }

    @Test("Of a cluster that never answered, only that is told")
    func unknown() {
        let cluster = PatroniCluster(name: "orders", endpoints: [.init(url: "http://a:8008", problem: "refused")])
        let families = Catalog.families(of: [], clusters: [cluster], exporter: nil)
        #expect(families.map(\.descriptor.name) == ["pgwal_patroni_up"])
    }
}
