import Foundation
import Testing

/// Texts that were recorded, such as whole pages: a file each in `Tests/Snapshots`, in a folder for each test target.
///
/// After a change that is meant, run the test with PGWAL_RECORD_SNAPSHOTS=1, and read what `git diff` says.
package enum Snapshot {
    /// The environment variable that has the files written anew.
    package static let variable = "PGWAL_RECORD_SNAPSHOTS"

    /// Expects a text to be, byte for byte, what is recorded under this name in the folder of the calling test's target.
    package static func expect(
        _ found: String,
        equals name: String,
        fileID: String = #fileID,
        filePath: String = #filePath,
        line: Int = #line,
        column: Int = #column
    ) {
        let target = fileID.prefix { $0 != "/" }
        let location = SourceLocation(fileID: fileID, filePath: filePath, line: line, column: column)
        do {
            let isRecording = !(ProcessInfo.processInfo.environment[variable] ?? "").isEmpty
            let problem = try compare(found, with: folder.appending(path: "\(target)/\(name)"), isRecording: isRecording)
            if let problem { Issue.record("Tests/Snapshots/\(target)/\(name) \(problem)", sourceLocation: location) }
        } catch {
            Issue.record(error, sourceLocation: location)
        }
    }

    /// What is wrong, or nil.
    static func compare(_ found: String, with file: URL, isRecording: Bool) throws -> String? {
        let recorded = try? String(contentsOf: file, encoding: .utf8)
        guard recorded != found else { return nil }
        if isRecording {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(found.utf8).write(to: file, options: .atomic)
            return nil
        }
        let hint = "If that is meant, run this test with \(variable)=1 and look at the change."
        guard let recorded else { return "is not there yet. \(hint)" }
        return "differs (- recorded, + found):\n\(LineDifference(from: recorded, to: found))\n\(hint)"
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Snapshots")
}
