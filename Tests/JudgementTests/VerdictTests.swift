import Foundation
import Judgement
import Testing

struct VerdictTests {
    @Test("Each code has one verdict, with its facts; its cases are its own, the worst first, and each is told from the others")
    func complete() {
        #expect(Verdict.all.map(\.code) == FindingCode.allCases)
        for verdict in Verdict.all {
            #expect(!verdict.facts.isEmpty && !verdict.cases.isEmpty, "\(verdict.code)")
            #expect(verdict.cases.allSatisfy { $0.code == verdict.code }, "\(verdict.code)")
            #expect(Set(verdict.cases.map(\.circumstance)).count == verdict.cases.count, "\(verdict.code)")
            #expect(verdict.cases.map(\.severity) == verdict.cases.map(\.severity).sorted(), "\(verdict.code)")
        }
    }

    @Test("An alert is the twin of findings of one code, severity and time")
    func alerts() {
        let rows = Verdict.all.flatMap(\.cases).filter { $0.alert != nil }
        for (alert, rows) in Dictionary(grouping: rows, by: { $0.alert!.name }) {
            #expect(Set(rows.map(\.severity)).count == 1, "\(alert)")
            #expect(Set(rows.map { $0.alert!.holdSeconds }).count == 1, "\(alert)")
            #expect(Set(rows.map(\.code)).count == 1, "\(alert)")
        }
    }

    @Test("Thresholds are what the rules of the same name compare with by default: one value for each name")
    func thresholds() {
        for (name, thresholds) in Dictionary(grouping: Verdict.all.flatMap(\.cases).flatMap(\.thresholds), by: \.name) {
            #expect(Set(thresholds.map(\.value)).count == 1, "\(name)")
        }
    }

    @Test("Each healthy look-alike is run by a test that there is")
    func lookAlikes() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let files = try #require(FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil))
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
        let texts = Dictionary(grouping: files, by: { $0.deletingPathExtension().lastPathComponent })
        for lookAlike in Verdict.all.flatMap(\.lookAlikes) {
            let parts = lookAlike.test.split(separator: "/").map(String.init)
            let text = try texts[parts[0]]?.first.map { try String(contentsOf: $0, encoding: .utf8) } ?? ""
            #expect(parts.count == 2 && text.contains("func \(parts[1])("), "\(lookAlike.test)")
        }
    }
}
