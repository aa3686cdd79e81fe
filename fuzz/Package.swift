// swift-tools-version: 6.2
import PackageDescription

// A package beside the exporter's own, so that neither knows the other: the modules that only compute, by their paths (`Product` is a symbolic
// link to ../Sources), without the libraries that the rest needs. It is built by `fuzz/run`, which also gives what the linker needs.

/// A module of the exporter, and those that it may see.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], sources: [String]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: "Product/\(name)", sources: sources?.map { $0 + ".swift" })
}

let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(name: "CLibPQ", path: "Product/CLibPQ", pkgConfig: "libpq"),
        .systemLibrary(name: "CLibYAML", path: "Product/CLibYAML", pkgConfig: "yaml-0.1"),

        module("ReplicationModel"),
        module("WALClock", ["ReplicationModel"]),
        module("Judgement", ["ReplicationModel"]),
        module("Exposition"),
        module("Postgres", ["CLibPQ"]),
        module("YAMLTree", ["CLibYAML"]),
        module("Collection", ["Postgres", "ReplicationModel"]),
        module("MetricCatalog", ["ReplicationModel", "Judgement", "Exposition"]),
        module("ExporterConfiguration", ["YAMLTree"]),
        // All but the HTTP client: what reads answers, and what follows from them.
        module(
            "Patroni",
            ["ReplicationModel"],
            sources: [
                "AnswerReader", "Answers", "ClusterAnswer", "Lenient", "MemberNames", "PatroniExpectations+Upstream", "PatroniExpectations",
                "ReadableValues", "SettingsAnswer", "Timestamp",
            ]
        ),
        // Single files of the HTTP server and of the monitoring: what reads a header or a parameter, and which members are watched.
        .target(name: "SingleFiles", dependencies: ["ReplicationModel"], path: "SingleFiles"),

        // What must hold of a page.
        .target(name: "Checks", dependencies: ["Exposition"], path: "Checks"),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Checks", "Collection", "ExporterConfiguration", "Exposition", "Judgement", "MetricCatalog", "Patroni", "Postgres",
                "ReplicationModel", "SingleFiles", "WALClock", "YAMLTree",
            ],
            path: "Harness"
        ),
    ],
    swiftLanguageModes: [.v6]
)

/// Those that handle memory by hand, or have C do it. In the others the compiler's own checks see what the address sanitizer would, which costs
/// half of the speed.
let unsafeModules: Set<String> = ["ReplicationModel", "WALClock", "Exposition", "Postgres", "YAMLTree"]

/// What libFuzzer shall see of a module. Of several `-sanitize` options, such as `fuzz/run` gives, the compiler takes the last one alone.
func sanitizers(_ name: String) -> String {
    // The ways through a check are of no interest, and it runs for every input.
    name == "Checks" ? "-sanitize=address" : unsafeModules.contains(name) ? "-sanitize=fuzzer,address" : "-sanitize=fuzzer"
}

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        // The targets also try what a module keeps to itself; assertions hold in optimised code too.
        .unsafeFlags(["-enable-testing", "-assert-config", "Debug", sanitizers(target.name)]),
    ]
}
