import ReplicationModel

/// The targets in the form of Prometheus's http_sd: one group each, that leads to `/probe` on this exporter.
struct ServiceDiscovery: Encodable, Sendable {
    /// One target as Prometheus takes it.
    struct Group: Encodable, Sendable, Hashable {
        var targets: [String]
        var labels: [String: String]
    }

    let groups: [Group]

    /// - Parameter address: where Prometheus reaches this exporter.
    init(_ reports: [TargetReport], at address: ExternalAddress) {
        groups = reports.map { report in
            var labels = ["__metrics_path__": address.prefix + "/probe", "__param_target": report.name, "__meta_pgwal_target": report.name]
            if let scheme = address.scheme { labels["__scheme__"] = scheme }
            for label in report.labels { labels["__meta_pgwal_label_\(label.name)"] = label.value }
            if let membership = report.membership {
                labels["__meta_pgwal_cluster"] = membership.cluster
                labels["__meta_pgwal_member"] = membership.member
            }
            labels["__meta_pgwal_role"] = report.snapshot?.role.rawValue ?? "unknown"
            if let system = report.snapshot?.identity.systemIdentifier, !system.isEmpty { labels["__meta_pgwal_system_identifier"] = system }
            if let server = report.addresses.first { labels["__meta_pgwal_address"] = server.description }
            return Group(targets: [address.authority], labels: labels)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(groups)
    }
}
