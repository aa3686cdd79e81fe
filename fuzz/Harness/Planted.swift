/// A password that inputs contain (the dictionaries have it), and that no output may.
///
/// It has characters that no word has: a plain word in the wrong place may be repeated to the user.
enum Planted {
    static let password = "S3cret/Zq7!"

    static func isIn(_ text: String) -> Bool {
        let wanted = Array(password.utf8)
        let bytes = Array(text.utf8)
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { bytes[$0] == wanted[0] && bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
