import Exposition
import MetricCatalog
import Testing

struct CatalogTests {
    private let metrics = Catalog.metrics

    @Test("No name stands for two metrics, in neither format", arguments: ExpositionFormat.allCases)
    func uniqueNames(format: ExpositionFormat) {
        let names = metrics.map { $0.descriptor.familyName(in: format) }
        #expect(Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted() == [])
    }

    @Test("A page holds the families in the table's order, each once")
    func order() {
        let names = Catalog.families(of: [report(.primary18), report(.standby18, name: "b")], exporter: nil).map(\.descriptor.name)
        let expected = metrics.map(\.descriptor.name).filter { names.contains($0) }
        #expect(names == expected)
    }

    @Test("Names are prefixed and say what they are")
    func names() {
        for metric in metrics {
            let (name, type) = (metric.descriptor.name, metric.descriptor.type)
            #expect(name.hasPrefix("pgwal_") || name.hasPrefix("process_"))
            #expect(name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }, "\(name)")
            #expect(name.hasSuffix("_total") == (type == .counter), "\(name)")
            #expect(name.hasSuffix("_info") == (type == .info), "\(name)")
            for wrong in ["_ms", "_milliseconds", "_kb", "_mb", "_minutes", "_percent", "_time", "_count", "_sum", "_bucket", "_created"] {
                #expect(!name.hasSuffix(wrong), "\(name)")
            }
        }
    }

    @Test("Base units are the end of the name, and nothing else has a unit")
    func units() {
        for metric in metrics {
            let name = metric.descriptor.name
            let stem = name.hasSuffix("_total") ? String(name.dropLast(6)) : name
            let unit: MetricUnit? = stem.hasSuffix("_bytes") ? .bytes : stem.hasSuffix("_seconds") ? .seconds : nil
            #expect(metric.descriptor.unit == unit, "\(name)")
        }
    }

    @Test("No label changes at every connection: no pid, port, position, time or connection string")
    func labels() {
        for metric in metrics {
            #expect(Set(metric.labels).count == metric.labels.count)
            // upstream_port is the upstream's listening port, which does not change.
            for label in metric.labels where label != "upstream_port" {
                #expect(label.allSatisfy { $0.isLowercase || $0 == "_" }, "\(metric.descriptor.name)")
                for wrong in ["pid", "port", "lsn", "conninfo", "timestamp", "dsn", "target", "le"] {
                    #expect(!label.split(separator: "_").contains { $0 == wrong }, "\(metric.descriptor.name)")
                }
            }
        }
    }

    @Test("system_identifier is a label of target_info alone: rules join it")
    func systemIdentifier() {
        let names = metrics.filter { $0.labels.contains("system_identifier") }.map(\.descriptor.name)
        #expect(names == ["pgwal_target_info"])
    }

    @Test("A target's own labels may use no name that the catalogue uses")
    func reservedLabels() {
        #expect(Catalog.labelNames.isSuperset(of: ["target", "le", "slot_name", "application_name", "client_addr", "state", "collector"]))
        for metric in metrics { #expect(Catalog.clusterLabelNames.isSuperset(of: metric.labels)) }
        for metric in metrics where metric.labels.first != "cluster" { #expect(Catalog.labelNames.isSuperset(of: metric.labels)) }
        #expect(Catalog.labelNames.isDisjoint(with: ["site", "cluster", "url"]) && !Catalog.clusterLabelNames.contains("site"))
    }

    @Test("Every help is one sentence or more, and names its source")
    func help() {
        for metric in metrics {
            let help = metric.descriptor.help
            #expect(!metric.source.isEmpty)
            #expect(!help.contains("\n") && !help.contains("  "), "\(help)")
            #expect(metric.isOfExporter ? help.hasSuffix(".") : help.hasSuffix(". [\(metric.source)]"), "\(help)")
        }
    }

    @Test("Every condition completes the sentence `when …`, for versions that exist")
    func availability() {
        for metric in metrics {
            #expect((13...19).contains(metric.availability.since))
            #expect(metric.availability.condition.map { !$0.isEmpty && !$0.hasSuffix(".") } ?? true)
        }
    }
}
