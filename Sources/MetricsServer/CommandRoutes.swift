import HTTPTypes
import Hummingbird
import Judgement
import Monitoring
import ReplicationModel
import Terminal

/// What the commands ask a running exporter with `--url`: the same that they compute by themselves, by what the exporter remembers.
struct CommandRoutes: Sendable {
    let fleet: Fleet

    func status(_ request: Request, until deadline: ContinuousClock.Instant) async throws -> Response {
        try request.takesOnly(["width", "colour"])
        let style = try style(request)
        return try await fleet.onItsThread {
            let view = await fleet.view(until: deadline)
            return try .json(ScreenDocument(status: 0, lines: StatusText(view, Topology(view), style: style).lines))
        }
    }

    func doctor(_ request: Request, until deadline: ContinuousClock.Instant) async throws -> Response {
        try request.takesOnly(["width", "colour", "fix_sql"])
        let style = try style(request)
        let fixSQL = try flag("fix_sql", request)
        return try await fleet.onItsThread {
            let topology = Topology(await fleet.view(until: deadline))
            let lines = fixSQL ? FindingText.sql(topology.findings) : FindingText.report(topology, style: style)
            return try .json(ScreenDocument(status: Headline(topology).critical > 0 ? 1 : 0, lines: lines))
        }
    }

    func check(_ request: Request, until deadline: ContinuousClock.Instant) async throws -> Response {
        try request.takesOnly(["kind", "warning", "critical", "role"])
        let question = try question(request)
        return try await fleet.onItsThread {
            try .json(CheckDocument(Checks.result(question, of: await fleet.view(until: deadline))))
        }
    }

    private func question(_ request: Request) throws -> CheckQuestion {
        let kinds = CheckKind.allCases.map(\.rawValue).joined(separator: ", ")
        guard let kind = request.parameters("kind").first.flatMap(CheckKind.init) else {
            throw HTTPError(.badRequest, message: "/api/v1/check takes a parameter kind, one of \(kinds).")
        }
        let role: ServerRole?
        switch request.parameters("role").first {
        case nil: role = nil
        case let text?:
            guard let given = ServerRole(rawValue: text) else { throw HTTPError(.badRequest, message: "role must be primary or standby.") }
            role = given
        }
        do throws(CheckQuestion.Problem) {
            return try CheckQuestion(
                kind,
                warning: request.parameters("warning").first,
                critical: request.parameters("critical").first,
                role: role
            )
        } catch {
            throw HTTPError(.badRequest, message: error.description)
        }
    }

    private func style(_ request: Request) throws -> TerminalStyle {
        var width: Int?
        if let text = request.parameters("width").first {
            guard let columns = Int(text), (20...1000).contains(columns) else {
                throw HTTPError(.badRequest, message: "width must be a whole number from 20 to 1000: columns of a terminal.")
            }
            width = columns
        }
        return TerminalStyle(hasColour: try flag("colour", request), width: width)
    }

    private func flag(_ name: String, _ request: Request) throws -> Bool {
        switch request.parameters(name).first {
        case nil, "false": false
        case "true": true
        default: throw HTTPError(.badRequest, message: "\(name) must be true or false.")
        }
    }
}
