import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What holds for every metric of its kind, on any server: a wrong unit or a mixed-up column shows here.
enum Plausibility {
    static func check(_ page: Page, target: String) {
        let now = Double(time(nil))
        var sets: [Page.Series: Double] = [:]
        for (series, value) in page.values where series.labels["target"] == target {
            let name = series.name
            #expect(value.isFinite, "\(series)")
            if name.hasSuffix("_timestamp_seconds") {
                #expect((now - 86_400...now + 5).contains(value), "\(series) = \(value): no time of today")
            } else if name.hasSuffix("_lag_seconds") {
                #expect((0...60).contains(value), "\(series) = \(value)")
            } else if name != "pgwal_server_clock_offset_seconds" && name != "pgwal_receiver_transit_seconds" {
                #expect(value >= 0, "\(series) = \(value)")
            } else {
                #expect(abs(value) < 5, "\(series) = \(value): one machine has one clock")
            }
            if name.hasSuffix("_total") || name.hasSuffix("_bytes") && !name.contains("spill") {
                #expect(value == value.rounded() || name.hasSuffix("_seconds_total"), "\(series) = \(value)")
            }
            for (label, isStateSet) in stateLabels where isStateSet(name) {
                guard series.labels[label] != nil else { continue }
                let labels = series.labels.filter { $0.key != label }
                sets[Page.Series(name: name, labels: labels), default: 0] += value
            }
        }
        for (series, sum) in sets { #expect(sum == 1, "\(series): \(sum) states at once") }
    }

    private static let stateLabels: [(String, @Sendable (String) -> Bool)] = [
        ("state", { ["pgwal_walsender_state", "pgwal_replay_pause_state"].contains($0) }),
        ("sync_state", { $0 == "pgwal_walsender_sync_state" }),
        ("wal_status", { $0 == "pgwal_slot_wal_status" }),
        ("status", { $0 == "pgwal_receiver_status" }),
        ("phase", { $0 == "pgwal_basebackup_phase" }),
        ("level", { $0.hasPrefix("pgwal_setting_") }),
        ("mode", { $0.hasPrefix("pgwal_setting_") }),
    ]
}
