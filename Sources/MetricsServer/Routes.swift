import Exposition
import HTTPTypes
import Hummingbird
import MetricCatalog
import Monitoring
import NIOCore
import ReplicationModel

/// What the server answers, path by path.
struct Routes: Sendable {
    let fleet: Fleet
    let telemetryPath: String
    let deadline: ScrapeDeadline
    let build: ExporterReport.Build
    private let pageSize = PageSize()
    private let gzip = Gzip()

    init(fleet: Fleet, telemetryPath: String, deadline: ScrapeDeadline, build: ExporterReport.Build) {
        self.fleet = fleet
        self.telemetryPath = telemetryPath
        self.deadline = deadline
        self.build = build
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.addMiddleware { PlainErrors(paths: paths) }
        router.get(RouterPath(telemetryPath)) { request, _ in try await metrics(request) }
        router.get("/probe") { request, _ in try await probe(request) }
        router.get("/-/healthy") { _, _ in text("pgwal_exporter is healthy.\n") }
        router.get("/-/ready") { _, _ in text("pgwal_exporter is ready.\n") }
        router.get("/") { _, _ in await landingPage() }
        return router
    }

    var paths: [String] { ["/", telemetryPath, "/probe", "/-/healthy", "/-/ready"] }

    private func metrics(_ request: Request) async throws -> Response {
        let deadline = try deadline(of: request)
        return await fleet.onItsThread {
            let reports = await fleet.reports(until: deadline)
            let exporter = ExporterReport(build: build, process: .current())
            return page(of: reports, exporter: exporter, for: request)
        }
    }

    private func probe(_ request: Request) async throws -> Response {
        let names = request.uri.queryParameters.getAll("target")
        guard let name = names.first, names.count == 1 else {
            throw HTTPError(.badRequest, message: "/probe takes one parameter, target: the name of a configured target. \(knownTargets)")
        }
        let deadline = try deadline(of: request)
        return try await fleet.onItsThread {
            guard let report = await fleet.report(of: name, until: deadline) else {
                throw HTTPError(.notFound, message: "There is no target of this name. \(knownTargets)")
            }
            return page(of: [report], exporter: nil, for: request)
        }
    }

    private var knownTargets: String {
        let names = fleet.names
        let shown = names.prefix(20).joined(separator: ", ")
        return names.count > 20 ? "Configured: \(shown) and \(names.count - 20) more." : "Configured: \(shown)."
    }

    private func deadline(of request: Request) throws -> ContinuousClock.Instant {
        let header = request.headers[.scrapeTimeout]
        guard let duration = deadline.duration(header: header) else {
            throw HTTPError(.badRequest, message: "X-Prometheus-Scrape-Timeout-Seconds must be a positive number of seconds.")
        }
        return .now + duration
    }

    private func page(of reports: [TargetReport], exporter: ExporterReport?, for request: Request) -> Response {
        let format = ContentNegotiation.format(accept: request.headers.joined(.accept))
        let page = Catalog.page(of: reports, exporter: exporter, format: format, reservingCapacity: pageSize.expected)
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
        let reports = await fleet.reports(until: .now + min(deadline.limit, .seconds(2)))
        let html = LandingPage(telemetryPath: telemetryPath, version: build.version, reports: reports).html
        return Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8"],
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

private func text(_ sentence: String) -> Response {
    Response(status: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: ResponseBody(byteBuffer: ByteBuffer(string: sentence)))
}
