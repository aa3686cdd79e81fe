import ReplicationModel

/// `GET /cluster`, as `cluster_as_json` in Patroni's utils.py makes it. Every answer of Patroni that is of use has status 200.
struct ClusterAnswer: Readable, Hashable {
    static let kind = "an object"
    /// No name twice.
    var members: [PatroniMember]
    var isPaused: Bool

    private enum CodingKeys: String, CodingKey { case members, pause }

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        guard object.contains(.members) else { throw AnswerError("members is missing") }
        guard let listed = try object.decode(Lenient<Few<MemberAnswer>>.self, forKey: .members).value else {
            throw AnswerError("members: expected a list")
        }
        var names: Set<String> = []
        members = listed.elements.map(\.member).filter { names.insert($0.name).inserted }
        if members.count < listed.elements.count { decoder.note("members: a name is there twice") }
        isPaused = try object.decodeIfPresent(Lenient<Flag>.self, forKey: .pause)?.value?.isOn ?? false
    }
}

/// One member. All but its name may be absent.
private struct MemberAnswer: Readable {
    static let kind = "an object"
    let member: PatroniMember

    private struct Fields: Decodable {
        var name: Lenient<Name>?
        var role: Lenient<Word>?
        var state: Lenient<Word>?
        var host: Lenient<Hosts>?
        var port: Lenient<Ports>?
        var connectionURL: Lenient<ConnectionURL>?
        var timeline: Lenient<Whole>?
        var tags: Lenient<Tags>?

        enum CodingKeys: String, CodingKey {
            case name, role, state, host, port, timeline, tags
            case connectionURL = "conn_url"
        }
    }

    private struct Tags: Readable {
        static let kind = "an object"
        var replicatesFrom: Lenient<Name>?
        var noStream: Lenient<Flag>?
        var noFailover: Lenient<Flag>?
        var failoverPriority: Lenient<Whole>?

        enum CodingKeys: String, CodingKey {
            case replicatesFrom = "replicatefrom"
            case noStream = "nostream"
            case noFailover = "nofailover"
            case failoverPriority = "failover_priority"
        }
    }

    init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        guard let name = fields.name?.value?.text, !name.isEmpty else { throw AnswerError("no usable name") }
        let tags = fields.tags?.value
        var member = PatroniMember(
            name: name,
            role: fields.role?.value?.text ?? "unknown",
            state: fields.state?.value?.text ?? "unknown",
            address: nil,
            timeline: fields.timeline?.value?.number,
            replicatesFrom: tags?.replicatesFrom?.value?.text,
            isNotStreaming: tags?.noStream?.value?.isOn ?? false
        )
        // Without an address Patroni leaves the keys out, for example of a member whose connection string it cannot parse.
        member.addresses = Self.addresses(fields, decoder)
        // `nofailover` wins over the priority (3.2+).
        let priority = tags?.failoverPriority?.value?.number
        member.isExcludedFromFailover = tags?.noFailover?.value?.isOn ?? priority.map { $0 <= 0 } ?? false
        self.member = member
    }

    private static func addresses(_ fields: Fields, _ decoder: any Decoder) -> [ServerAddress] {
        guard let host = fields.host else { return fields.connectionURL?.value?.addresses ?? [] }
        guard let hosts = host.value?.names, let ports = fields.port?.value?.numbers else { return [] }
        guard let addresses = ServerAddress.pairs(hosts, ports) else {
            decoder.note("expected as many ports as hosts, or one for all")
            return []
        }
        return addresses
    }
}
