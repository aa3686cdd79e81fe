/// Decides which text of the user's may be repeated in an error message.
enum Quotation {
    /// The text when it is a short plain word, else nil.
    ///
    /// A misplaced colon or indentation can turn a connection string into a key, so that "unknown key" would print the
    /// password. A word of letters, digits, `_`, `-`, `.` and `+` can be shown; the place says the rest.
    static func word(_ text: String) -> String? {
        guard (1...64).contains(text.utf8.count), text.allSatisfy(isWordCharacter) else { return nil }
        return text
    }

    private static func isWordCharacter(_ character: Character) -> Bool {
        // What is seen as one letter may have an invisible one in it.
        PrintedText.unprintable(in: String(character)) == nil && (character.isLetter || character.isNumber || "_-.+".contains(character))
    }
}
