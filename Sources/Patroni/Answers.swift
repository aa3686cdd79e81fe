import ReplicationModel

/// `GET /cluster`, as `cluster_as_json` in Patroni's utils.py makes it. Every answer of Patroni that is of use has status 200.
struct ClusterAnswer: Hashable {
    var members: [PatroniMember]
    var isPaused: Bool

    init(_ reader: JSONReader) throws(AnswerError) {
        let object = try reader.object()
        members = []
        for element in try object.required("members", of: reader).array() { members.append(try Self.member(element)) }
        isPaused = try object.optional("pause")?.bool() ?? false
    }

    private static func member(_ reader: JSONReader) throws(AnswerError) -> PatroniMember {
        let object = try reader.object()
        let tags = try object.optional("tags")?.object() ?? [:]
        var member = PatroniMember(
            name: try object.required("name", of: reader).string(),
            role: try object.required("role", of: reader).string(),
            state: try object.required("state", of: reader).string(),
            address: nil
        )
        // Without an address Patroni leaves the keys out, for example of a member whose connection string it cannot parse.
        if let host = try object.optional("host")?.string(), let port = try object.optional("port")?.port() {
            member.address = ServerAddress(host: host, port: port)
        }
        member.timeline = try object.optional("timeline")?.integer()
        member.replicatesFrom = try tags.optional("replicatefrom")?.string()
        member.isNotStreaming = try tags.optional("nostream")?.bool() ?? false
        member.isExcludedFromFailover = try isExcludedFromFailover(tags)
        return member
    }

    /// `nofailover` wins over the priority (3.2+).
    private static func isExcludedFromFailover(_ tags: [String: JSONReader]) throws(AnswerError) -> Bool {
        if let tag = tags.optional("nofailover") { return try tag.bool() }
        guard let priority = try tags.optional("failover_priority")?.integer() else { return false }
        return priority <= 0
    }
}

/// `GET /history`: lines of the timeline history, `[timeline, LSN, reason]`, followed by the time and the new leader's name
/// where Patroni knows them.
struct HistoryAnswer: Hashable {
    /// Unix time of the last line; nil when there is none, or it has no time yet.
    var lastSwitch: Double?

    init(_ reader: JSONReader) throws(AnswerError) {
        for line in try reader.array() {
            let fields = try line.array()
            guard (3...5).contains(fields.count) else { throw AnswerError("\(line.path): expected 3 to 5 elements, found \(fields.count)") }
            _ = try fields[0].integer()
            _ = try fields[1].integer()
            lastSwitch = fields.count > 3 ? try Self.time(fields[3]) : nil
        }
    }

    private static func time(_ reader: JSONReader) throws(AnswerError) -> Double {
        guard let time = Timestamp.unixTime(try reader.string()) else { throw AnswerError("\(reader.path): not a time in ISO 8601 with an offset") }
        return time
    }
}

/// What is of use in `GET /patroni`: the version. Its `state` and `role` are those of one member, which `/cluster` tells of all.
struct StatusAnswer: Hashable {
    var version: PatroniCluster.Version

    init(_ reader: JSONReader) throws(AnswerError) {
        let patroni = try reader.object().required("patroni", of: reader)
        let text = try patroni.object().required("version", of: patroni)
        let parts = try text.string().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, let major = Self.number(parts[0]), let minor = Self.number(parts[1].prefix(while: \.isNumber)) else {
            throw AnswerError("\(text.path): not a version")
        }
        version = PatroniCluster.Version(major: major, minor: minor)
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
