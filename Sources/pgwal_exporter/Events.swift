import ArgumentParser
import ExporterConfiguration
import Judgement
import Memory
import MetricsServer
import Terminal

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Prints what changed at the targets.
struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "List what changed at the targets: roles, timelines, slots, senders, settings.",
        discussion: """
            As a running exporter remembers it, or from its state file, also when it does not run. The file is only read.

            Examples:
              pgwal_exporter events --since 24h
              pgwal_exporter events --url https://exporter.example:10195 --ca-file ca.pem --kind role_changed
              pgwal_exporter events --state.file /var/lib/pgwal_exporter/state --target pg1 --output json
            """
    )

    @Option(help: ArgumentHelp("How far back: 45m, 24h, 7d.", valueName: "duration"), transform: optionDuration)
    var since: Duration?

    @Option(help: ArgumentHelp("Of one target.", valueName: "name"))
    var target: String?

    @Option(help: "Of one kind.")
    var kind: Event.Kind?

    @Option(help: ArgumentHelp("The latest so many. (default: 1000)", valueName: "count"))
    var limit = EventQuestion.usualLimit

    @Option(help: "text, or json as /api/v1/events has it.")
    var output = OutputForm.text

    @Option(
        name: .customLong("state.file"),
        help: ArgumentHelp("The state file of an exporter, instead of asking one that runs.", valueName: "path")
    )
    var stateFile: String?

    @OptionGroup(title: "A running exporter; http://localhost:10195 where neither is named")
    var remote: RemoteOptions

    func validate() throws {
        guard (1...EventJournal.most).contains(limit) else { throw ValidationError("--limit must be from 1 to \(EventJournal.most).") }
        guard stateFile == nil || remote.url == nil else { throw ValidationError("--state.file and --url: one of them.") }
    }

    func run() throws {
        let now = Date().timeIntervalSince1970
        let question = EventQuestion(since: since.map { now - $0 / .seconds(1) }, target: target, kind: kind, limit: limit)
        let document: EventsDocument
        if let stateFile {
            document = Self.kept(in: stateFile, question)
        } else {
            document = asked(question)
        }
        let isWritten =
            switch output {
            case .json: StandardOutput.write(document.bytes + [UInt8(ascii: "\n")])
            case .text: StandardOutput.write(Array(Self.text(of: document).utf8))
            }
        ProcessEnd.now(isWritten ? 0 : 1)
    }

    private func asked(_ question: EventQuestion) -> EventsDocument {
        var remote = remote
        remote.url = remote.url ?? "http://localhost:10195"
        guard let exporter = remote.exporter() else { preconditionFailure("it has a URL") }
        let answer = exporter.answerOrEnd(
            "/api/v1/events",
            [
                ("since", question.since.map { "\($0)" }), ("target", question.target), ("kind", question.kind?.rawValue),
                ("limit", "\(question.limit)"),
            ]
        )
        guard let document = EventsDocument.read(answer) else { exporter.end("the answer is none of /api/v1/events") }
        return document
    }

    private static func kept(in path: String, _ question: EventQuestion) -> EventsDocument {
        let problem: String
        do throws(StateFile.Failure) {
            if let reading = try StateFile(path).peek() {
                if let problem = reading.problem { StandardError.write("pgwal_exporter: \(path): \(problem.text)\n") }
                guard let state = reading.state else { ProcessEnd.now(1) }
                return EventsDocument(EventJournal(state.events, counts: [:]).latest(question.limit, where: question.isMeant))
            }
            problem = "there is no such file"
        } catch {
            problem = error.text
        }
        StandardError.write("pgwal_exporter: \(path): \(problem)\n")
        ProcessEnd.now(1)
    }

    private static func text(of document: EventsDocument) -> String {
        guard !document.events.isEmpty else { return "There is no such event.\n" }
        return document.events.map { event in
            let place = event.target.map { "  \(TerminalStyle.safe($0))" } ?? ""
            return "\(HumanText.time(event.time))  \(TerminalStyle.safe(event.kind))\(place)  \(TerminalStyle.safe(event.text))\n"
        }.joined()
    }
}

extension Event.Kind: ExpressibleByArgument {}
