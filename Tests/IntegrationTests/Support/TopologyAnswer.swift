import Foundation
import Judgement
import PostgresTestSupport

/// The answer of `/api/v1/topology`, as another program reads it.
struct TopologyAnswer: Decodable {
    struct Server: Decodable, Hashable {
        var target: String
        var targets: [String]
        var up: Bool
        var role: String?
        var timeline: Int?
        var streaming: Bool?
        var upstream: Upstream?
    }

    struct Upstream: Decodable, Hashable {
        var address: String?
        var slot: String?
    }

    struct Edge: Decodable, Hashable {
        var sender: String?
        var receiver: String?
        var slot: String?
        var state: String?
    }

    struct Finding: Decodable {
        struct Evidence: Decodable {
            var name: String
            var value: String
        }

        struct Cure: Decodable {
            var kind: String
            var text: String
            var target: String?
            var effect: String?
        }

        struct Silenced: Decodable {
            var until: Double
            var reason: String
        }

        struct Cause: Decodable {
            var code: String
            var target: String?
            var standby: String?
        }

        var code: String
        var severity: String
        var confidence: String
        var target: String?
        var slot: String?
        var standby: String?
        var upstream: String?
        var summary: String
        var evidence: [Evidence]
        var cures: [Cure]
        var follows: Cause?
        var silenced: Silenced?

        /// Whether nothing that destroys data stands under what is not proven, before a check, or without the server where it is to be run.
        var isSafe: Bool {
            guard let first = cures.firstIndex(where: { $0.effect == "destructive" }) else { return true }
            return confidence == "proven" && cures[..<first].contains { $0.effect == "check" }
                && cures.allSatisfy { $0.effect != "destructive" || $0.kind == "advice" || $0.target != nil }
        }

        /// The statements of the cure.
        var sql: [String] { cures.filter { $0.kind == "sql" }.map(\.text) }
    }

    var version: Int
    var generatedAt: Double
    var servers: [Server]
    var edges: [Edge]
    var findings: [Finding]
    var silences: [Silence]

    struct Silence: Decodable {
        var finding: String
        var reason: String
        var ended: Bool
    }

    init(_ text: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(text.utf8))
    }

    /// What is found, as `code target`, but for these codes, which are about settings.
    func codes(except ignored: Set<String> = ["slot_retention_unlimited", "rewind_not_ready"]) -> Set<String> {
        Set(findings.filter { !ignored.contains($0.code) }.map { "\($0.code) \($0.target ?? "-")" })
    }

    /// The only finding of a code.
    func finding(_ code: String) throws -> Finding {
        let found = findings.filter { $0.code == code }
        guard found.count == 1 else { throw SupportFailure("\(found.count) findings \(code) among \(codes(except: []))") }
        return found[0]
    }
}

/// A finding that proposes to destroy data where it must not.
struct UnsafeCure: Error {
    var code: String
}

extension Exporter {
    /// Asks for the topology until it is as wanted.
    func topology(
        until what: String,
        timeout: Duration = .seconds(30),
        _ isWanted: (TopologyAnswer) throws -> Bool,
        before: () async throws -> Void = {}
    ) async throws -> TopologyAnswer {
        var last = ""
        var found: TopologyAnswer?
        do {
            try await waitUntil(what, timeout: timeout) {
                try await before()
                let answer = try await HTTP.get(url + "/api/v1/topology")
                guard answer.status == 200 else { throw SupportFailure("\(answer.status) \(answer.body)") }
                last = answer.body
                let topology = try TopologyAnswer(answer.body)
                if let unsafe = topology.findings.first(where: { !$0.isSafe }) { throw UnsafeCure(code: unsafe.code) }
                found = topology
                return try isWanted(topology)
            }
        } catch {
            throw SupportFailure("\(error)\nfound: \(found?.codes(except: []) ?? [])\nlast answer:\n\(last)")
        }
        guard let found else { throw SupportFailure("\(what): no answer") }
        return found
    }

    /// Asks until just these are found, but for what `codes` ignores.
    @discardableResult
    func topology(untilFound codes: Set<String>, timeout: Duration = .seconds(30)) async throws -> TopologyAnswer {
        try await topology(until: "found: \(codes.sorted())", timeout: timeout) { $0.codes() == codes }
    }
}
