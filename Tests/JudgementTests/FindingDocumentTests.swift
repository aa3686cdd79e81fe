import Foundation
import Judgement
import ReplicationModel
import SnapshotSupport
import Testing

struct FindingDocumentTests {
    @Test("docs/findings.md has the table of verdicts as the code has it, and what each is concluded from")
    func generated() throws {
        var document = try String(contentsOf: Self.url, encoding: .utf8)
        let recorded = document
        for (name, text) in [("verdicts", VerdictDocument.table), ("facts", VerdictDocument.facts)] {
            let begin = try #require(document.range(of: "<!-- \(name) -->\n"))
            let end = try #require(document.range(of: "<!-- end -->", range: begin.upperBound..<document.endIndex))
            document.replaceSubrange(begin.upperBound..<end.lowerBound, with: "\n\(text)\n")
        }
        if document != recorded, !(ProcessInfo.processInfo.environment[Snapshot.variable] ?? "").isEmpty {
            try Data(document.utf8).write(to: Self.url, options: .atomic)
        } else {
            #expect(document == recorded, "run this test with \(Snapshot.variable)=1")
        }
    }

    @Test("docs/findings.md names each reason that keeps pg_rewind from working")
    func reasons() throws {
        let document = try String(contentsOf: Self.url, encoding: .utf8)
        for reason in RewindReadiness.Blocker.allCases { #expect(document.contains("`\(reason.rawValue)`")) }
    }

    private static let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/findings.md")
}
