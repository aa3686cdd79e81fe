import ReplicationModel

/// `GET /history`: lines of the timeline history, `[timeline, LSN, reason]`, followed by the time and the new leader's name
/// where Patroni knows them.
struct HistoryAnswer: Readable, Hashable {
    static let kind = "a list"
    /// Unix time of the last line; nil when there is none, or it has no time yet.
    var lastSwitch: Double?

    init(from decoder: any Decoder) throws {
        var lines = try decoder.unkeyedContainer()
        while !lines.isAtEnd {
            // Only the last one tells anything, and only its oddities do.
            if let count = lines.count, lines.currentIndex < count - 1 {
                _ = try lines.decode(Anything.self)
            } else {
                lastSwitch = try lines.decode(Lenient<Line>.self).value?.time
            }
        }
    }

    private struct Anything: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    private struct Line: Readable {
        static let kind = "a list"
        var time: Double?

        init(from decoder: any Decoder) throws {
            var fields = try decoder.unkeyedContainer()
            for _ in 0..<3 where !fields.isAtEnd { _ = try fields.decode(Anything.self) }
            if !fields.isAtEnd { time = try fields.decode(Lenient<ISOTime>.self).value?.unix }
        }
    }

    private struct ISOTime: Readable {
        static let kind = "a time in ISO 8601 with an offset"
        let unix: Double

        init(from decoder: any Decoder) throws {
            guard let time = Timestamp.unixTime(try decoder.singleValueContainer().decode(String.self)) else {
                throw AnswerError("expected \(Self.kind)")
            }
            unix = time
        }
    }
}

/// What is of use in `GET /patroni`: the version, and whether the member sees a leader. Its `state` and `role` are those of one member, which `/cluster` tells of all.
struct StatusAnswer: Readable, Hashable {
    static let kind = "an object"
    /// nil when it is not told in a form that is known.
    var version: PatroniCluster.Version?
    /// It knows of no leader, or goes on without its DCS (`failsafe_mode`): so it says also when it cannot reach that.
    var isOnItsOwn: Bool
    /// When it reached its DCS last, Unix time by its own clock (2.1.5+).
    var dcsLastSeen: Double?

    private enum CodingKeys: String, CodingKey {
        case patroni
        case isUnlocked = "cluster_unlocked"
        case isFailsafe = "failsafe_mode_is_active"
        case dcsLastSeen = "dcs_last_seen"
    }

    private struct Patroni: Readable {
        static let kind = "an object"
        var version: Lenient<Version>?
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        // Anything may answer at a URL; this is how Patroni does.
        guard object.contains(.patroni) else { throw AnswerError("not an answer of Patroni: patroni is missing") }
        version = try object.decode(Lenient<Patroni>.self, forKey: .patroni).value?.version?.value?.number
        dcsLastSeen = try object.decodeIfPresent(Lenient<Whole>.self, forKey: .dcsLastSeen)?.value.map { Double($0.number) }
        isOnItsOwn = try [CodingKeys.isUnlocked, .isFailsafe].contains { key in
            try object.decodeIfPresent(Lenient<Flag>.self, forKey: key)?.value?.isOn ?? false
        }
    }

    private struct Version: Readable {
        static let kind = "a version"
        let number: PatroniCluster.Version

        init(from decoder: any Decoder) throws {
            let parts = try decoder.singleValueContainer().decode(String.self).split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count >= 2, let major = Self.number(parts[0]), let minor = Self.number(parts[1].prefix(while: \.isNumber)) else {
                throw AnswerError("expected \(Self.kind)")
            }
            number = PatroniCluster.Version(major: major, minor: minor)
        }

        private static func number(_ text: Substring) -> Int? {
            text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
        }
    }
}
