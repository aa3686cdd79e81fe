/// Finds the name that was probably meant.
package enum Suggestion {
    /// ` did you mean 'port'?` with a leading semicolon, ready to append to a message; empty when nothing is near.
    package static func hint(for text: String, among known: some Sequence<String>) -> String {
        nearest(to: text, among: known).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// The known name that is nearest to the text: a third of its letters may differ, or one may begin with the other
    /// (`password` for `password_file`). Case does not count, and `-` is `_`.
    package static func nearest(to text: String, among known: some Sequence<String>) -> String? {
        // Other texts are no typing errors, and the distance costs the product of the lengths.
        guard text.utf8.count >= 2, Quotation.word(text) != nil else { return nil }
        let wanted = folded(text)
        var best: (name: String, distance: Int, letters: Int)?
        for name in known.sorted() {
            let candidate = folded(name)
            let letters = editDistance(wanted, candidate)
            var distance = letters
            let isPrefix = candidate.starts(with: wanted) || wanted.starts(with: candidate)
            if isPrefix, min(wanted.count, candidate.count) >= 3 { distance = min(distance, 1) }
            guard distance <= max(1, candidate.count / 3) else { continue }
            if let best, (best.distance, best.letters) <= (distance, letters) { continue }
            best = (name, distance, letters)
        }
        return best?.name
    }

    private static func folded(_ text: String) -> [Character] {
        text.lowercased().map { $0 == "-" ? "_" : $0 }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
    static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
