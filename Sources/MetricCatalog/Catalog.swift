package import Exposition
package import Judgement
package import ReplicationModel

/// Every metric that the exporter knows, in the order of the page.
package enum Catalog {
    package static let metrics: [Metric] =
        ServerMetrics.all + CollectorMetrics.all
        + WALMetrics.all + WALDirectoryMetrics.all + WALRetentionMetrics.all + CheckpointMetrics.all + ArchiverMetrics.all
        + WalsenderMetrics.all + BaseBackupMetrics.all + SynchronousReplicationMetrics.all
        + SlotMetrics.all + SlotDecodingMetrics.all
        + ExpectationMetrics.all
        + FindingMetrics.all
        + StandbyMetrics.all + RecoveryMetrics.all + RewindMetrics.all
        + SubscriptionMetrics.all
        + SettingMetrics.all
        + PatroniMetrics.all
        + ExporterMetrics.all

    /// Label names that a target's constant labels must not use.
    package static let labelNames: Set<String> = labelNames(where: { !$0.isPerCluster }).union(["target", "le"])

    /// Label names that a Patroni cluster's constant labels must not use: they go to its members' series as well.
    package static let clusterLabelNames: Set<String> = labelNames(where: { _ in true }).union(["target", "le"])

    private static func labelNames(where isMeant: (Metric) -> Bool) -> Set<String> {
        Set(metrics.filter(isMeant).flatMap(\.labels))
    }

    /// A page as bytes: every metric of every target, grouped by metric as the formats demand.
    ///
    /// One family at a time, so a page of many targets needs no more memory than its text and its longest family.
    /// - Parameter clusters: empty leaves Patroni out (`/probe`).
    /// - Parameter findings: what is wrong, of all targets; empty where it was not judged (`/probe`).
    /// - Parameter exporter: nil leaves the exporter's own metrics out (`/probe`).
    /// - Parameter capacity: what the page will probably need: a page that grows is copied again and again.
    package static func page(
        of targets: [TargetReport],
        clusters: [PatroniCluster] = [],
        findings: [Finding] = [],
        exporter: ExporterReport?,
        format: ExpositionFormat,
        reservingCapacity capacity: Int = 64 * 1024
    ) -> [UInt8] {
        let views = views(of: targets, findings)
        var encoder = PageEncoder(format: format, reservingCapacity: capacity)
        for metric in metrics {
            encoder.encode(metric.family(of: views, clusters, exporter))
        }
        return encoder.finish()
    }

    /// The families of a page as values.
    package static func families(
        of targets: [TargetReport],
        clusters: [PatroniCluster] = [],
        findings: [Finding] = [],
        exporter: ExporterReport?
    ) -> [MetricFamily] {
        let views = views(of: targets, findings)
        return metrics.map { $0.family(of: views, clusters, exporter) }.filter { !$0.isEmpty }
    }

    private static func views(of targets: [TargetReport], _ findings: [Finding]) -> [TargetView] {
        let findings = Dictionary(grouping: findings, by: { $0.target ?? $0.standby ?? "" })
        return targets.map { TargetView($0, findings: findings[$0.name] ?? []) }
    }
}

extension Metric {
    fileprivate var isPerCluster: Bool {
        if case .perCluster = emission { true } else { false }
    }

    fileprivate func family(of views: [TargetView], _ clusters: [PatroniCluster], _ exporter: ExporterReport?) -> MetricFamily {
        var family = MetricFamily(descriptor)
        switch emission {
        case .perTarget(let emit):
            for view in views { emit(view, &family) }
        case .perCluster(let emit):
            for cluster in clusters { emit(cluster, &family) }
        case .perExporter(let emit):
            if let exporter { emit(exporter, views, &family) }
        }
        return family
    }
}
