/// Which characters may be shown to people as they are.
package enum PrintedText {
    /// The first character of a text that nobody can see, or that changes how those around it are shown: control characters, line breaks, marks of
    /// the writing direction, joiners and fillers.
    package static func unprintable(in text: String) -> Unicode.Scalar? {
        text.unicodeScalars.first { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
            // The two choose between the forms of a sign before them, as of an emoji.
            default: scalar.properties.isDefaultIgnorableCodePoint && scalar != "\u{FE0E}" && scalar != "\u{FE0F}"
            }
        }
    }

    /// A character by its number: `U+202E`.
    package static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
