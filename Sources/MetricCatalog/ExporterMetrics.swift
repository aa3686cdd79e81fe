import Exposition
import Judgement
import ReplicationModel

/// The exporter itself.
enum ExporterMetrics {
    static let all: [Metric] = [
        Metric(
            descriptor: MetricDescriptor(
                name: "pgwal_exporter_build_info",
                type: .info,
                help: "Versions of the exporter, of Swift and of libpq; the commit that was built, and when it was made, where the build knew them."
            ),
            labels: ["version", "revision", "revision_date", "swift_version", "libpq_version"],
            source: "measured by the exporter",
            availability: .from(),
            emission: .perExporter { report, _, family in
                let build = report.build
                // What is not known is no label: an empty value means the same, and would be read as one.
                let labels = LabelSet(
                    [
                        Label(name: "version", value: build.version),
                        Label(name: "revision", value: build.revision),
                        Label(name: "revision_date", value: build.revisionDate),
                        Label(name: "swift_version", value: build.swiftVersion),
                        Label(name: "libpq_version", value: build.libpqVersion),
                    ].filter { !$0.value.isEmpty }
                )
                family.add(1, labels)
            }
        ),
        .exporter(
            "pgwal_config_last_reload_successful",
            .gauge,
            "1: the configuration was read at the last attempt, be it the start or a reload. 0: it was refused, and the one before stays in force.",
            source: "measured by the exporter"
        ) { ($0.reload?.isSuccessful).map { $0 ? 1 : 0 } },
        .exporter(
            "pgwal_config_last_reload_success_timestamp_seconds",
            .gauge,
            "When the configuration in force was read, Unix time.",
            source: "measured by the exporter"
        ) { $0.reload?.succeededAt },
        .exporter(
            "pgwal_log_dropped_total",
            .counter,
            "Lines of the exporter's log that were dropped because the reader of its standard error was stuck or gone.",
            source: "counted by the exporter"
        ) { $0.counters?.logLinesDropped },
        .exporter(
            "pgwal_exporter_loop_stalls_total",
            .counter,
            "How often a loop of the exporter did not turn for ten seconds; while one does not, /-/healthy is 503.",
            source: "counted by the exporter"
        ) { $0.counters?.loopStalls },
        requests,
        .exporter(
            "pgwal_http_requests_in_flight",
            .gauge,
            "HTTP requests whose answers are being made; this one counts.",
            source: "counted by the exporter"
        ) { $0.counters?.requestsInFlight },
        evictions,
        events,
        .exporter(
            "pgwal_state_loaded",
            .gauge,
            "1: the state file was read at the start, and was whole. 0: there was none, or it was broken or could not be read; the log says which.",
            source: "measured by the exporter, with --state.file"
        ) { ($0.state?.isLoaded).map { $0 ? 1 : 0 } },
        .exporter(
            "pgwal_state_last_write_timestamp_seconds",
            .gauge,
            "When the state file was written last, Unix time; absent until it was.",
            source: "measured by the exporter, with --state.file"
        ) { $0.state?.lastWrite },
        .exporter(
            "pgwal_state_write_errors_total",
            .counter,
            "How often the state file could not be written, once a minute; the log says why.",
            source: "counted by the exporter, with --state.file"
        ) { $0.state?.writeErrors },
        process("process_cpu_seconds_total", .counter, "User and system CPU time.") { $0.cpuSeconds },
        process("process_resident_memory_bytes", .gauge, "Resident memory.") { $0.residentBytes },
        process("process_virtual_memory_bytes", .gauge, "Virtual memory.") { $0.virtualBytes },
        process("process_open_fds", .gauge, "Open file descriptors.") { $0.openFileDescriptors },
        process("process_max_fds", .gauge, "Limit of open file descriptors.") { $0.maxFileDescriptors },
        process("process_threads", .gauge, "Threads of the operating system.") { $0.threads },
        process("process_start_time_seconds", .gauge, "Start of the process, Unix time.") { $0.startTime },
    ]

    private static let requests = Metric(
        descriptor: MetricDescriptor(
            name: "pgwal_http_requests_total",
            type: .counter,
            help: "HTTP requests that were answered, by path and status; paths that do not exist are 'other'."
        ),
        labels: ["handler", "code"],
        source: "counted by the exporter",
        availability: .from(),
        emission: .perExporter { report, _, family in
            for requests in report.counters?.requests ?? [] {
                family.add(
                    Double(requests.count),
                    LabelSet([Label(name: "handler", value: requests.handler), Label(name: "code", value: String(requests.code))])
                )
            }
        }
    )

    private static let evictions = Metric(
        descriptor: MetricDescriptor(
            name: "pgwal_series_evicted_total",
            type: .counter,
            help: "Things forgotten before their time, because too many of their kind were named in an hour: their series begin anew when they "
                + "come back. Summed over the targets."
        ),
        labels: ["kind"],
        source: "measured by the exporter",
        availability: .from(),
        emission: .perExporter { _, targets, family in
            for kind in MemoryKind.allCases {
                let evicted = targets.reduce(0) { $0 +| ($1.lastKnown?.evictions[kind] ?? 0) }
                family.add(Double(evicted), LabelSet([Label(name: "kind", value: kind.rawValue)]))
            }
        }
    )

    private static let events = Metric(
        descriptor: MetricDescriptor(
            name: "pgwal_events_total",
            type: .counter,
            help: "Changes that the exporter noticed at its targets, at Patroni and at itself, by kind; /api/v1/events tells them one by one."
        ),
        labels: ["kind"],
        source: "counted by the exporter",
        availability: .from(),
        emission: .perExporter { report, _, family in
            guard let events = report.events else { return }
            for kind in Event.Kind.allCases { family.add(Double(events[kind] ?? 0), LabelSet([Label(name: "kind", value: kind.rawValue)])) }
        }
    )

    private static func process<Value: SampleValue>(
        _ name: String,
        _ type: MetricType,
        _ help: String,
        _ value: @escaping @Sendable (ExporterReport.ProcessUsage) -> Value?
    ) -> Metric {
        .exporter(name, type, help, source: "the operating system") { $0.process.flatMap(value) }
    }
}
