import PostgresTestSupport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a standby says of itself at one moment.
struct LagObservation {
    /// This machine's clock before and after it was asked.
    let asked: ClosedRange<Double>
    /// The newest heartbeat that it shows.
    let heartbeat: String
    /// What the query says that everybody knows; nil: NULL.
    let classic: Double?

    /// The query that exporters and tutorials have copied from each other for ten years.
    static let classicQuery = """
        CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 \
        ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END
        """

    init(of standby: PostgresServer) async throws {
        let before = Self.now()
        let answer = try await standby.psql("SELECT coalesce(max(at), '-infinity'), \(Self.classicQuery) FROM heartbeat")
        let fields = answer.split(separator: "|", omittingEmptySubsequences: false)
        guard fields.count == 2 else { throw SupportFailure("\(standby.name) says \(answer)") }
        asked = before...max(before, Self.now())
        heartbeat = String(fields[0])
        classic = Double(fields[1])
    }

    /// The true lag, given when the oldest heartbeat was written that is not shown. A range, because to ask takes a moment.
    func truth(missing: Double?) -> ClosedRange<Double> {
        guard let missing else { return 0...0 }
        return max(asked.lowerBound - missing, 0)...max(asked.upperBound - missing, 0)
    }

    /// Seconds since 1970, as `clock_timestamp()` tells them to the servers of this machine.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// A scrape of the exporter, and the truth about each standby just before and just after.
struct LagSample {
    let page: Page
    /// From the first question to the last answer.
    let asked: ClosedRange<Double>
    /// By standby: between the least and the most that was true meanwhile.
    let truth: [String: ClosedRange<Double>]
    let classic: [String: Double]

    /// Seconds between a value and the truth.
    static func deviation(of value: Double, from truth: ClosedRange<Double>) -> Double {
        max(truth.lowerBound - value, value - truth.upperBound, 0)
    }
}
