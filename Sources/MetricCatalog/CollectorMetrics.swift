import Exposition
import ReplicationModel

/// How the collecting itself goes.
enum CollectorMetrics {
    static let all: [Metric] = [
        .numbers(
            "collector_success",
            of: .server,
            by: "collector",
            "1: the collector's last run succeeded. One collector's failure costs only its own metrics. Absent where it is not supported.",
            source: "measured by the exporter"
        ) { $0.reports.filter(\.isSupported).map { ($0.collector.rawValue, $0.failure == nil) } },
        .numbers(
            "collector_supported",
            of: .server,
            by: "collector",
            "0: this server refuses what the collector asks and will not change its mind, as managed services do: no failure, and asked again at "
                + "the next connection.",
            source: "measured by the exporter"
        ) { $0.reports.map { ($0.collector.rawValue, $0.isSupported) } },
        .numbers(
            "collector_duration_seconds",
            of: .server,
            by: "collector",
            "Time from the previous answer of the same round trip to this collector's.",
            source: "measured by the exporter"
        ) { $0.reports.filter(\.isSupported).map { ($0.collector.rawValue, $0.seconds) } },
        .collectorErrors,
        .number(
            "collection_duration_seconds",
            of: .target,
            "Duration of the latest collection, or of the vain attempt at it.",
            source: "measured by the exporter",
            .from(when: "the server has answered or failed")
        ) { $0.isUp == nil ? nil : $0.seconds },
        .number(
            "collection_pending",
            of: .target,
            "1: the scraper's timeout was too short to wait for the collection, which goes on: the values are of an earlier one, or absent.",
            source: "measured by the exporter"
        ) { $0.isPending },
        .number(
            "collected_timestamp_seconds",
            of: .target,
            "When the values of this target were collected, Unix time by the exporter's clock.",
            source: "measured by the exporter",
            .from(when: "the target is up")
        ) { $0.collectedAt?.wall },
        .number(
            "connects_total",
            .counter,
            of: .target,
            "Sessions opened to the server since the exporter started.",
            source: "measured by the exporter"
        ) { $0.connects },
        .numbers(
            "privilege_missing",
            of: .server,
            by: "privilege",
            "1: values are hidden from the monitoring role; GRANT pg_monitor TO it, or the privilege named by the label.",
            source: "pg_has_role(), has_function_privilege()"
        ) { ($0.privileges ?? []).map { ($0.privilege.rawValue, !$0.isGranted) } },
    ]
}

extension Metric {
    fileprivate static var collectorErrors: Metric {
        .pairs(
            "collector_errors_total",
            .counter,
            of: .target,
            by: ["collector", "reason"],
            "Failures of a collector by reason since the exporter started. A pair has a series once it has failed.",
            source: "measured by the exporter",
            .from(when: "a collector failed")
        ) { report in
            CollectorName.allCases.flatMap { collector in
                CollectorFailure.Reason.allCases.compactMap { reason in
                    report.errors[collector]?[reason].map { ([collector.rawValue, reason.rawValue], $0) }
                }
            }
        }
    }
}
