import Exposition
import HTTPTypes
import Hummingbird
import Judgement
import MetricCatalog
import Monitoring
import NIOCore
import ReplicationModel
import WebServer

/// What the server answers, path by path.
struct Routes: Sendable {
    let fleet: Fleet
    let telemetryPath: String
    let vitals: Vitals
    private let timeoutOffset: Duration
    private let lifecycle: LifecycleRoute
    private let external: ExternalAddress?
    private let access: AccessMiddleware
    private let counter: RequestCounter
    private let scrapeLimit: ScrapeLimit
    private let pageSize = PageSize()
    private let gzip = Gzip()

    /// - Parameters:
    ///   - timeoutOffset: subtracted from the scraper's timeout.
    ///   - reload: nil where it is not enabled.
    init(
        fleet: Fleet,
        web: WebOptions,
        timeoutOffset: Duration,
        vitals: Vitals,
        reload: ReloadConfiguration?,
        on group: any EventLoopGroup
    ) {
        self.fleet = fleet
        telemetryPath = web.telemetryPath.text
        self.timeoutOffset = timeoutOffset
        self.vitals = vitals
        lifecycle = LifecycleRoute(reload: reload)
        external = web.external
        access = AccessMiddleware(web.access, on: group)
        counter = RequestCounter(paths: ["/", telemetryPath] + Self.otherPaths, first: telemetryPath)
        scrapeLimit = ScrapeLimit(paths: [telemetryPath, "/probe"], limit: web.maximumRequests)
    }

    /// How long a collection may take changes with the configuration.
    private var deadline: ScrapeDeadline { ScrapeDeadline(limit: fleet.collectionTimeout, offset: timeoutOffset) }

    func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            counter
            access
            PlainErrors(paths: paths, methods: [LifecycleRoute.path: LifecycleRoute.methods])
            scrapeLimit
        }
        router.get(RouterPath(telemetryPath)) { request, _ in try await metrics(request) }
        router.get("/probe") { request, _ in try await probe(request) }
        router.get("/sd") { request, _ in try await serviceDiscovery(request) }
        router.get("/role/primary") { request, _ in try await RoleRoute(fleet: fleet, role: .primary).response(to: request) }
        router.get("/role/standby") { request, _ in try await RoleRoute(fleet: fleet, role: .standby).response(to: request) }
        router.get("/api/v1/topology") { request, _ in try await topology(request) }
        router.get("/api/v1/events") { request, _ in try await EventsRoute(fleet: fleet).response(to: request) }
        let commands = CommandRoutes(fleet: fleet)
        router.get("/api/v1/status") { request, _ in try await commands.status(request, until: try deadline(of: request)) }
        router.get("/api/v1/check") { request, _ in try await commands.check(request, until: try deadline(of: request)) }
        router.get("/api/v1/doctor") { request, _ in try await commands.doctor(request, until: try deadline(of: request)) }
        router.get("/-/healthy") { _, _ in health() }
        router.get("/-/ready") { _, _ in text("pgwal_exporter is ready.\n") }
        for method in LifecycleRoute.methods {
            router.on(RouterPath(LifecycleRoute.path), method: method) { request, _ in try await lifecycle.response(to: request) }
        }
        router.get("/") { _, _ in await landingPage() }
        return router
    }

    var paths: [String] { ["/", telemetryPath] + Self.otherPaths }

    /// All but the telemetry path, which can be chosen among what is left.
    static let otherPaths = [
        "/probe", "/sd", "/role/primary", "/role/standby", "/api/v1/topology", "/api/v1/events", "/api/v1/status", "/api/v1/check", "/api/v1/doctor",
        "/-/healthy", "/-/ready", LifecycleRoute.path,
    ]

    private func metrics(_ request: Request) async throws -> Response {
        try request.takesOnly([])
        let deadline = try deadline(of: request)
        return await fleet.onItsThread {
            let view = await fleet.view(until: deadline)
            return page(
                of: view.reports,
                clusters: view.clusters,
                findings: Findings.all(of: view),
                exporter: vitals.report(counter, events: fleet.eventCounts),
                for: request
            )
        }
    }

    private func probe(_ request: Request) async throws -> Response {
        try request.takesOnly(["target"])
        let names = request.parameters("target")
        guard let name = names.first, names.count == 1 else {
            throw HTTPError(
                .badRequest,
                message: "/probe takes one parameter, target: the name of a configured target. \(KnownTargets(fleet))"
            )
        }
        let deadline = try deadline(of: request)
        return try await fleet.onItsThread {
            guard let report = await fleet.report(of: name, until: deadline) else {
                throw HTTPError(.notFound, message: "There is no target of this name. \(KnownTargets(fleet))")
            }
            return page(of: [report], exporter: nil, for: request)
        }
    }

    /// For Prometheus, which asks by itself from time to time: a collection of its own would be wasted on it.
    private func serviceDiscovery(_ request: Request) async throws -> Response {
        try request.takesOnly([])
        guard let address = external ?? request.head.authority.flatMap(ExternalAddress.init(host:)) else {
            throw HTTPError(
                .badRequest,
                message: "/sd needs a Host header, or --web.external-url: the address under which Prometheus reaches this exporter."
            )
        }
        let deadline = try deadline(of: request)
        let reports = await fleet.onItsThread { await fleet.reports(notOlderThan: .seconds(15), until: deadline) }
        return try .json(ServiceDiscovery(reports, at: address))
    }

    private func topology(_ request: Request) async throws -> Response {
        try request.takesOnly([])
        let deadline = try deadline(of: request)
        let view = await fleet.onItsThread { await fleet.view(until: deadline) }
        return try .json(TopologyDocument(view))
    }

    /// Waits for nothing, least of all for what may be stuck.
    private func health() -> Response {
        guard let problem = vitals.problem() else { return text("pgwal_exporter is healthy.\n") }
        return text("pgwal_exporter is not healthy: \(problem).\n", status: .serviceUnavailable)
    }

    private func deadline(of request: Request) throws -> ContinuousClock.Instant {
        let header = request.headers[.scrapeTimeout]
        guard let duration = deadline.duration(header: header) else {
            throw HTTPError(.badRequest, message: "X-Prometheus-Scrape-Timeout-Seconds must be a positive number of seconds.")
        }
        return .now + duration
    }

    private func page(
        of reports: [TargetReport],
        clusters: [PatroniCluster] = [],
        findings: [Finding] = [],
        exporter: ExporterReport?,
        for request: Request
    ) -> Response {
        let format = ContentNegotiation.format(accept: request.headers.joined(.accept))
        let page = Catalog.page(
            of: reports,
            clusters: clusters,
            findings: findings,
            exporter: exporter,
            format: format,
            reservingCapacity: pageSize.expected
        )
        pageSize.note(page.count)
        var headers: HTTPFields = [.contentType: format.contentType, .vary: "Accept, Accept-Encoding"]
        if ContentNegotiation.acceptsGzip(acceptEncoding: request.headers.joined(.acceptEncoding)), let compressed = gzip.compress(page) {
            headers[.contentEncoding] = "gzip"
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: compressed)))
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: page)))
    }

    /// People do not wait as long as Prometheus.
    private func landingPage() async -> Response {
        let view = await fleet.onItsThread { await fleet.view(until: .now + min(deadline.limit, .seconds(2))) }
        let nonce = LandingPage.makeNonce()
        let html = LandingPage(telemetryPath: telemetryPath, version: vitals.build.version, view: view, nonce: nonce).html
        return Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8", .contentSecurityPolicy: LandingPage.policy(nonce)],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html))
        )
    }
}

extension HTTPFields {
    /// All fields of a name as one list, as RFC 9110 has it.
    fileprivate func joined(_ name: HTTPField.Name) -> String? {
        let values = self[values: name]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

extension HTTPField.Name {
    fileprivate static var scrapeTimeout: Self {
        // The name is a valid token, so this is never nil.
        Self("X-Prometheus-Scrape-Timeout-Seconds")!
    }
}

private func text(_ sentence: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: ResponseBody(byteBuffer: ByteBuffer(string: sentence)))
}
