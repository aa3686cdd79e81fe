/// The number of insertions, deletions and substitutions of a byte that turn one word into the other.
func editDistance(_ one: String, _ other: String) -> Int {
    let one = Array(one.utf8), other = Array(other.utf8)
    var row = Array(0...other.count)
    for (i, byte) in one.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, otherByte) in other.enumerated() {
            let substituted = diagonal + (byte == otherByte ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
        }
    }
    return row[other.count]
}
