// swift-tools-version: 6.2
import PackageDescription

// A package beside the exporter's own, so that neither knows the other: the modules that only compute, by their paths (`Product` is a symbolic
// link to ../Sources), without the libraries that the rest needs. It is built by `fuzz/run`, which also gives the sanitizers.

/// A module of the exporter, and those that it may see.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Product/\(name)")
}

let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(name: "CLibPQ", path: "Product/CLibPQ", pkgConfig: "libpq"),
        .systemLibrary(name: "CLibYAML", path: "Product/CLibYAML", pkgConfig: "yaml-0.1"),

        module("ReplicationModel"),
        module("Exposition"),
        module("Postgres", ["CLibPQ"]),
        module("YAMLTree", ["CLibYAML"]),
        module("Collection", ["Postgres", "ReplicationModel"]),
        module("MetricCatalog", ["ReplicationModel", "Exposition"]),
        module("ExporterConfiguration", ["YAMLTree"]),
        // Of the HTTP server what reads a header or a parameter, and imports nothing: links to single files.
        .target(name: "ServerTexts", path: "ServerTexts"),

        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Collection", "ExporterConfiguration", "Exposition", "MetricCatalog", "Postgres", "ReplicationModel", "ServerTexts", "YAMLTree",
            ],
            path: "Harness"
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        // The targets also try what a module keeps to itself; assertions hold in optimised code too.
        .unsafeFlags(["-enable-testing", "-assert-config", "Debug"]),
    ]
}
