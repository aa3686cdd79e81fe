/// The problems found so far in one file. Readers of all parts of a document share one log, so that the user sees every
/// mistake at once.
package final class ProblemLog {
    /// More problems than this help nobody, and a hostile file must not fill the memory with them.
    package static let limit = 100

    /// The file as the user named it.
    package let file: String
    private var problems: [Problem] = []
    private var omitted = 0

    /// Starts an empty log for a file, named as the user named it.
    package init(file: String) {
        self.file = file
    }

    /// Notes a problem at a place of this log's file.
    package func add(at mark: Mark?, path: String = "", _ message: String) {
        add(Problem(file: file, mark: mark, path: path, message: message))
    }

    /// Notes a problem of any origin.
    package func add(_ problem: Problem) {
        if problems.count < Self.limit {
            problems.append(problem)
        } else {
            omitted += 1
        }
    }

    /// True while nothing is wrong.
    package var isEmpty: Bool { problems.isEmpty }

    /// All problems in the order of the file, those without a place first; at most `limit`, and then one that counts the rest.
    package var sorted: [Problem] {
        let start = Mark(line: 0, column: 0)
        // The sort of the standard library keeps the order of equals, though it does not promise to: hence the offset.
        var result = problems.enumerated()
            .sorted { ($0.element.mark ?? start, $0.offset) < ($1.element.mark ?? start, $1.offset) }
            .map(\.element)
        if omitted > 0 {
            result.append(Problem(file: file, message: "and \(omitted) more problems"))
        }
        return result
    }
}
