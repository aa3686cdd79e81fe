extension NodeReader {
    /// Text as it is written, quoted or not: `1` and `no` are text here. Never repeated in a problem, so that it may be a secret.
    ///
    /// Nothing at all (`~`) is a problem, and so is the character NUL, at which C would end the text.
    package func text() -> String? {
        guard case .scalar(let scalar) = node.content, !node.isNull else {
            complain(expected: "text")
            return nil
        }
        guard !scalar.text.utf8.contains(0) else {
            complain("must not contain the character NUL")
            return nil
        }
        return scalar.text
    }

    /// `true` or `false`, unquoted. The `yes` and `on` of older YAML are problems.
    package func boolean() -> Bool? {
        switch plainText {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default:
            complainOfValue(expected: "true or false")
            return nil
        }
    }

    /// A whole decimal number within a range, unquoted.
    package func integer(in range: ClosedRange<Int>) -> Int? {
        guard let plainText, let number = Int(plainText), range.contains(number) else {
            complainOfValue(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A duration with its unit, such as `5s` or `1m30s`; see `DurationText`.
    package func duration() -> Duration? {
        guard case .scalar(let scalar) = node.content, !node.isNull else {
            complain(expected: "a duration such as 5s")
            return nil
        }
        do {
            return try DurationText.parse(scalar.text)
        } catch {
            complain(error.message)
            return nil
        }
    }

    /// One of the cases of an enumeration, by its raw value.
    package func choice<Choice: CaseIterable & RawRepresentable<String>>(of type: Choice.Type = Choice.self) -> Choice? {
        guard case .scalar(let scalar) = node.content, let choice = Choice(rawValue: scalar.text) else {
            let known = Choice.allCases.map(\.rawValue)
            var hint = ""
            if case .scalar(let scalar) = node.content { hint = Suggestion.hint(for: scalar.text, among: known) }
            complainOfValue(expected: "one of " + known.joined(separator: ", "), hint: hint)
            return nil
        }
        return choice
    }

    private var plainText: String? {
        guard case .scalar(let scalar) = node.content, scalar.isPlain else { return nil }
        return scalar.text
    }
}
