// swift-tools-version: 6.2
import PackageDescription

/// A module of the exporter and the modules it may see. The list is in the order of the data's one-way flow: a module
/// depends only on those above it, and the build fails when one imports what it does not name
/// (`--explicit-target-dependency-import-check error`).
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name), "SnapshotSupport", "TimeSupport"] + dependencies,
        resources: resources
    )
}

/// What `make build` knows of the commit that it builds, from `scripts/version`. A build without it says that it is one.
let stamp: [CSetting] = ["PGWAL_VERSION", "PGWAL_REVISION", "PGWAL_REVISION_DATE"].compactMap { name in
    Context.environment[name].flatMap { $0.isEmpty ? nil : .define(name, to: $0) }
}

let package = Package(
    name: "pgwal_exporter",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "pgwal_exporter", targets: ["pgwal_exporter"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.9.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"]), .brew(["libxcrypt"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

        .target(name: "CBuildStamp", cSettings: stamp),

        module("ReplicationModel"),
        module("WALClock", ["ReplicationModel"]),
        module("Judgement", ["ReplicationModel"]),
        module("Memory", ["ReplicationModel", "WALClock", "Judgement"]),
        module("Terminal", ["ReplicationModel", "Judgement"]),
        module("Exposition"),
        module("Postgres", ["CLibPQ"]),
        module("YAMLTree", ["CLibYAML"]),
        module("Collection", ["Postgres", "ReplicationModel"]),
        module("MetricCatalog", ["ReplicationModel", "Judgement", "Exposition"]),
        module("ExporterConfiguration", ["YAMLTree"]),
        module(
            "RESTClient",
            [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        module("Patroni", ["ReplicationModel", "RESTClient", .product(name: "NIOCore", package: "swift-nio")]),
        module(
            "Monitoring",
            [
                "Collection", "Patroni", "RESTClient", "MetricCatalog", "ExporterConfiguration", "Postgres", "ReplicationModel", "WALClock",
                "Judgement",
                "Memory",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        module(
            "WebServer",
            [
                "YAMLTree", "CCrypt",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        module(
            "MetricsServer",
            [
                "Monitoring", "MetricCatalog", "ReplicationModel", "Judgement", "Terminal", "Exposition", "RESTClient", "WebServer", "CZlib",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .executableTarget(
            name: "pgwal_exporter",
            dependencies: [
                "CBuildStamp", "Collection", "ExporterConfiguration", "Exposition", "Judgement", "MetricCatalog", "MetricsServer", "Memory",
                "Monitoring", "Patroni", "Postgres", "RESTClient", "ReplicationModel", "Terminal", "WebServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // Texts that tests compare with: Tests/Snapshots.
        .target(name: "SnapshotSupport", path: "Tests/SnapshotSupport"),
        // How long something took, fairly on a busy machine.
        .target(name: "TimeSupport", path: "Tests/TimeSupport"),
        // Real servers for tests and for `make demo`.
        .target(name: "PostgresTestSupport", path: "Tests/PostgresTestSupport"),
        .executableTarget(name: "pgwal_demo", dependencies: ["PostgresTestSupport"]),

        .testTarget(name: "SnapshotSupportTests", dependencies: ["SnapshotSupport"]),
        .testTarget(name: "TimeSupportTests", dependencies: ["TimeSupport"]),
        tests(of: "ReplicationModel"),
        tests(of: "WALClock", ["ReplicationModel"]),
        tests(of: "Judgement", ["ReplicationModel", "MetricCatalog", "Exposition", "PostgresTestSupport"]),
        tests(of: "Memory", ["ReplicationModel", "WALClock", "Judgement"]),
        tests(of: "Terminal", ["ReplicationModel", "Judgement"]),
        tests(of: "Exposition"),
        tests(of: "Postgres", ["PostgresTestSupport"]),
        tests(of: "YAMLTree"),
        tests(
            of: "Collection",
            ["ReplicationModel", "WALClock", "Judgement", "Postgres", "PostgresTestSupport", "MetricCatalog", "Exposition"]
        ),
        tests(of: "MetricCatalog", ["ReplicationModel", "Exposition"]),
        tests(of: "ExporterConfiguration", ["YAMLTree"]),
        tests(of: "RESTClient"),
        tests(
            of: "Patroni",
            [
                "ReplicationModel", "RESTClient", "PostgresTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        tests(
            of: "Monitoring",
            [
                "ExporterConfiguration", "Postgres", "ReplicationModel", "Collection", "MetricCatalog",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        tests(
            of: "WebServer",
            [
                "PostgresTestSupport", "YAMLTree",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        tests(of: "MetricsServer", ["CZlib", "ReplicationModel", "Judgement", "Terminal"]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Exposition", "PostgresTestSupport", "SnapshotSupport", "TimeSupport", "MetricCatalog", "ReplicationModel", "Judgement",
                "pgwal_exporter",
                "pgwal_demo",
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        // A warning is a defect that has not been looked at yet.
        .treatAllWarnings(as: .error),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
        .enableUpcomingFeature("ExistentialAny"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
        .enableUpcomingFeature("InternalImportsByDefault"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
        .enableUpcomingFeature("MemberImportVisibility"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0470-isolated-conformances.md
        .enableUpcomingFeature("InferIsolatedConformances"),
    ]
}
