import Foundation
import Testing

@testable import SnapshotSupport

struct SnapshotTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "snapshots-\(UUID().uuidString)")

    @Test("What is recorded is what is expected then")
    func recording() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "inner/page.txt")
        #expect(try Snapshot.compare("a\n", with: file, isRecording: false)?.hasPrefix("is not there yet. If that is meant") == true)
        #expect(try Snapshot.compare("a\n", with: file, isRecording: true) == nil)
        #expect(try Snapshot.compare("a\n", with: file, isRecording: false) == nil)
        #expect(try Snapshot.compare("a", with: file, isRecording: false) != nil)
    }

    @Test("A difference shows its lines, in their order, and how to record anew")
    func difference() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "page.txt")
        #expect(try Snapshot.compare("one\ntwo\nthree\nfour\n", with: file, isRecording: true) == nil)
        let problem = try Snapshot.compare("one\n2\nthree\nfour\nfive\n", with: file, isRecording: false)
        #expect(
            problem == """
                differs (- recorded, + found):
                  - 2: two
                  + 2: 2
                  + 5: five
                If that is meant, run this test with PGWAL_RECORD_SNAPSHOTS=1 and look at the change.
                """
        )
    }

    @Test("A difference that is long is cut")
    func long() {
        let text = LineDifference(from: "", to: (1...100).map { "line \($0)\n" }.joined()).description
        #expect(text.split(separator: "\n").count == 61)
        #expect(text.hasSuffix("  … and 40 lines more"))
    }
}
