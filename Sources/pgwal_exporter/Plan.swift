import ArgumentParser
import Judgement
import ReplicationModel
import Terminal

/// Computes what it takes to keep the WAL for a consumer that is away.
struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Compute what an outage takes: disk, max_slot_wal_keep_size, and which slot is lost when.",
        discussion: """
            How much WAL a server writes while a standby, a site or another consumer is away, whether its slots and its disk last that \
            long, and what they would have to be. The rate is what the segments in pg_wal tell, or what is written while it looks, \
            whichever is higher; a rate of your busiest hour, given by --rate, is better than both. Of servers elsewhere the disk \
            is not seen: give its size by --disk.

            Exits with status 0 whatever comes out.

            Examples:
              pgwal_exporter plan --outage 24h --dsn 'host=10.0.0.5 user=monitor dbname=postgres'
              pgwal_exporter plan --outage 3d --rate 20MB --disk 500GB --config.file /etc/pgwal_exporter/pgwal_exporter.yml
            """
    )

    @Option(help: ArgumentHelp("How long the consumer is away: 45m, 24h, 3d.", valueName: "duration"), transform: optionDuration)
    var outage: Duration

    @Option(help: ArgumentHelp("WAL a second, instead of what is observed: 800kB, 20MB.", valueName: "size"), transform: size)
    var rate: Double?

    @Option(help: ArgumentHelp("Size of the filesystem that pg_wal has for itself: 500GB.", valueName: "size"), transform: size)
    var disk: Double?

    @Option(help: ArgumentHelp("How long the rate is observed. (default: 10s)", valueName: "duration"), transform: shortDuration)
    var observe = Duration.seconds(10)

    @OptionGroup
    var connection: ConnectionOptions

    func validate() throws {
        guard outage >= .seconds(1), outage <= .seconds(366 * 86_400) else { throw ValidationError("--outage must be from 1s to 366d.") }
    }

    func run() throws {
        let (outage, rate, disk, observe) = (Self.seconds(outage), rate, disk, observe)
        try OneLook.run(connection) { look in
            let first = await look.view()
            let begin = ContinuousClock.now
            if rate == nil { try? await Task.sleep(for: observe) }
            let view = rate == nil ? await look.view() : first
            let passed = Self.seconds(ContinuousClock.now - begin)
            let plans = view.servers.map { server in
                let earlier = first.server(ofTarget: server.target)?.snapshot
                let seen = rate == nil ? earlier.flatMap { WALRate.between($0, server.snapshot, seconds: passed) } : nil
                return OutagePlan(
                    server,
                    outage: outage,
                    observed: [WALRate.kept(server.snapshot), seen].compactMap(\.self),
                    given: rate,
                    disk: disk.flatMap { Int64(exactly: $0.rounded()) },
                    now: view.now
                )
            }
            let absent = view.reports.compactMap { report -> String? in
                switch report.outcome {
                case .up: nil
                case .down(let reason), .unanswered(let reason): TerminalStyle.safe("\(report.name): \(reason)")
                }
            }
            let lines = plans.map { PlanText($0, style: .ofStandardOutput).lines } + absent.map { [$0] }
            return StandardOutput.write(Array((lines.joined(separator: [""]).joined(separator: "\n") + "\n").utf8)) ? 0 : 1
        }
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private static func size(_ text: String) throws -> Double {
        let number = MonitoringRange.Unit.bytes.number(text.hasSuffix("/s") ? text.dropLast(2) : text[...])
        guard let number, number > 0, number < 0x1p62 else { throw ValidationError("must be a size above 0: 800kB, 20MB, 500GB, 2TB") }
        return number
    }
}
