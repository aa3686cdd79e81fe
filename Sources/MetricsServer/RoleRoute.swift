import HTTPTypes
import Hummingbird
import Judgement
import Monitoring
import NIOCore
import ReplicationModel

/// `/role/primary` and `/role/standby`: 200 when the target has that role now, 503 when not, or when that is not known. For load balancers
/// and keepalived, which look at the status alone; the line of text is for people.
struct RoleRoute: Sendable {
    /// Older than this is not "now". Several checks in a row share a collection.
    private static let maximumAge = Duration.seconds(1)
    /// Checks are impatient; an answer that comes after them is none.
    private static let limit = Duration.milliseconds(1500)

    let fleet: Fleet
    let role: ServerRole

    func response(to request: Request) async throws -> Response {
        let check = try check(request)
        try request.takesOnly(["target"] + (role == .standby ? ["max_lag", "unknown"] : []), repeatable: ["max_lag"])
        let target = try target(of: request)
        let report = await fleet.onItsThread {
            let deadline = ContinuousClock.now + Self.limit
            guard check.limitsLag else { return await fleet.report(of: target, notOlderThan: Self.maximumAge, until: deadline) }
            return await fleet.reportAgainstPrimary(of: target, notOlderThan: Self.maximumAge, until: deadline)
        }
        guard let report else {
            throw HTTPError(.notFound, message: "There is no target of this name. \(KnownTargets(fleet))")
        }
        let verdict = check.verdict(on: report)
        return Response(
            status: verdict.isFit ? .ok : .serviceUnavailable,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "\(target) \(verdict.reason)\n"))
        )
    }

    /// May be left out where there is only one.
    private func target(of request: Request) throws -> String {
        let given = request.parameters("target")
        if given.count == 1 { return given[0] }
        let names = fleet.names
        guard given.isEmpty, names.count == 1 else {
            throw HTTPError(.badRequest, message: "/role/\(role.rawValue) takes one parameter target. \(KnownTargets(fleet))")
        }
        return names[0]
    }

    private func check(_ request: Request) throws -> RoleCheck {
        var check = RoleCheck(role: role)
        for text in request.parameters("max_lag") {
            guard role == .standby else { throw HTTPError(.badRequest, message: "max_lag is for /role/standby: a primary has no lag.") }
            switch LagLimit(text[...])?.quantity {
            case .seconds(let seconds)? where check.maximumLagSeconds == nil: check.maximumLagSeconds = seconds
            case .bytes(let bytes)? where check.maximumLagBytes == nil: check.maximumLagBytes = bytes
            case .some: throw HTTPError(.badRequest, message: "max_lag may be given once as a time and once as a number of bytes.")
            case nil: throw HTTPError(.badRequest, message: "\(LagLimit.help).")
            }
        }
        switch request.parameters("unknown") {
        case []: break
        case ["ok"]: check.acceptsUnknownLag = true
        default: throw HTTPError(.badRequest, message: "unknown takes one value: ok.")
        }
        return check
    }
}
