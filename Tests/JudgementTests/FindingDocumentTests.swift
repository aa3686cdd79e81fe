import Foundation
import Judgement
import ReplicationModel
import Testing

struct FindingDocumentTests {
    @Test("docs/findings.md has a line for each code, and for no other")
    func codes() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/findings.md")
        let rows = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") && $0.hasSuffix(". |") }
        let documented = rows.filter { $0.split(separator: "|").count == 3 }.map { String($0.split(separator: "`")[1]) }
        #expect(documented.sorted() == FindingCode.allCases.map(\.rawValue).sorted())
        for reason in RewindReadiness.Blocker.allCases {
            #expect(try String(contentsOf: url, encoding: .utf8).contains("`\(reason.rawValue)`"))
        }
    }
}
