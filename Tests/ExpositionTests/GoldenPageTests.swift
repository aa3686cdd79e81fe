import Exposition
import Testing

@Suite("Pages as a whole")
struct GoldenPageTests {
    private static let families: [MetricFamily] = {
        var histogram = MetricFamily(
            MetricDescriptor(name: "pgwal_walsender_replay_age_sampled_seconds", type: .histogram, unit: .seconds, help: "Sampled.")
        )
        histogram.add(
            HistogramSample(labels: ["target": "a"], buckets: [(0.5, 3), (1, 4), (60, 7)], sum: 12.25, count: 8)
        )
        let slot: LabelSet = ["target": "a", "slot_name": "s"]
        return [
            MetricFamily("pgwal_up", .gauge, help: "Whether it is up.", [Sample(labels: ["target": "a"], value: 1)]),
            MetricFamily("pgwal_wal_inserted_bytes_total", .counter, unit: .bytes, [Sample(labels: ["target": "a"], value: 4096)]),
            MetricFamily("pgwal_connects_total", .counter, [Sample(labels: ["target": "a"], value: 2)]),
            MetricFamily("pgwal_target_info", .info, [Sample(labels: ["target": "a", "version": "18.1"], value: 1)]),
            MetricFamily(
                "pgwal_slot_wal_status",
                .stateSet,
                [
                    Sample(labels: slot, state: ["wal_status": "reserved"], value: 1),
                    Sample(labels: slot, state: ["wal_status": "lost"], value: 0),
                ]
            ),
            MetricFamily("pgwal_slot_safe_wal_bytes", .gauge, unit: .bytes, []),
            histogram,
            MetricFamily("process_open_fds", .gauge, help: "C:\\dir says\n\"no\".", [Sample(labels: .empty, value: 7)]),
        ]
    }()

    @Test("A page in the classic text format reads like this")
    func prometheusText() {
        #expect(
            page(Self.families, .prometheusText) == """
                # HELP pgwal_up Whether it is up.
                # TYPE pgwal_up gauge
                pgwal_up{target="a"} 1
                # HELP pgwal_wal_inserted_bytes_total Help.
                # TYPE pgwal_wal_inserted_bytes_total counter
                pgwal_wal_inserted_bytes_total{target="a"} 4096
                # HELP pgwal_connects_total Help.
                # TYPE pgwal_connects_total counter
                pgwal_connects_total{target="a"} 2
                # HELP pgwal_target_info Help.
                # TYPE pgwal_target_info gauge
                pgwal_target_info{target="a",version="18.1"} 1
                # HELP pgwal_slot_wal_status Help.
                # TYPE pgwal_slot_wal_status gauge
                pgwal_slot_wal_status{target="a",slot_name="s",wal_status="reserved"} 1
                pgwal_slot_wal_status{target="a",slot_name="s",wal_status="lost"} 0
                # HELP pgwal_walsender_replay_age_sampled_seconds Sampled.
                # TYPE pgwal_walsender_replay_age_sampled_seconds histogram
                pgwal_walsender_replay_age_sampled_seconds_bucket{target="a",le="0.5"} 3
                pgwal_walsender_replay_age_sampled_seconds_bucket{target="a",le="1"} 4
                pgwal_walsender_replay_age_sampled_seconds_bucket{target="a",le="60"} 7
                pgwal_walsender_replay_age_sampled_seconds_bucket{target="a",le="+Inf"} 8
                pgwal_walsender_replay_age_sampled_seconds_sum{target="a"} 12.25
                pgwal_walsender_replay_age_sampled_seconds_count{target="a"} 8
                # HELP process_open_fds C:\\\\dir says\\n"no".
                # TYPE process_open_fds gauge
                process_open_fds 7

                """
        )
    }

    @Test("A page in OpenMetrics reads like this")
    func openMetrics() {
        #expect(
            page(Self.families, .openMetrics) == """
                # TYPE pgwal_up gauge
                # HELP pgwal_up Whether it is up.
                pgwal_up{target="a"} 1
                # TYPE pgwal_wal_inserted_bytes counter
                # UNIT pgwal_wal_inserted_bytes bytes
                # HELP pgwal_wal_inserted_bytes Help.
                pgwal_wal_inserted_bytes_total{target="a"} 4096
                # TYPE pgwal_connects counter
                # HELP pgwal_connects Help.
                pgwal_connects_total{target="a"} 2
                # TYPE pgwal_target info
                # HELP pgwal_target Help.
                pgwal_target_info{target="a",version="18.1"} 1
                # TYPE pgwal_slot_wal_status gauge
                # HELP pgwal_slot_wal_status Help.
                pgwal_slot_wal_status{target="a",slot_name="s",wal_status="reserved"} 1
                pgwal_slot_wal_status{target="a",slot_name="s",wal_status="lost"} 0
                # TYPE pgwal_walsender_replay_age_sampled_seconds histogram
                # UNIT pgwal_walsender_replay_age_sampled_seconds seconds
                # HELP pgwal_walsender_replay_age_sampled_seconds Sampled.
                pgwal_walsender_replay_age_sampled_seconds_bucket{target="a",le="0.5"} 3
                pgwal_walsender_replay_age_sampled_seconds_bucket{target="a",le="1.0"} 4
                pgwal_walsender_replay_age_sampled_seconds_bucket{target="a",le="60.0"} 7
                pgwal_walsender_replay_age_sampled_seconds_bucket{target="a",le="+Inf"} 8
                pgwal_walsender_replay_age_sampled_seconds_sum{target="a"} 12.25
                pgwal_walsender_replay_age_sampled_seconds_count{target="a"} 8
                # TYPE process_open_fds gauge
                # HELP process_open_fds C:\\\\dir says\\n\\"no\\".
                process_open_fds 7
                # EOF

                """
        )
    }

    @Test("A page without families is empty in the classic format, and only the end mark in OpenMetrics")
    func empty() {
        #expect(page([], .prometheusText).isEmpty)
        #expect(page([], .openMetrics) == "# EOF\n")
    }

    @Test("The content types name the versions")
    func contentTypes() {
        #expect(ExpositionFormat.prometheusText.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(ExpositionFormat.openMetrics.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }
}
