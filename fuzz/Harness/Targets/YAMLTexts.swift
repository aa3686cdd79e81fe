import Checks
import YAMLTree

/// A text written as a YAML scalar is one line, and reads back as the same text wherever a scalar may stand; a duration reads back too.
@Sendable func fuzzYAMLTexts(_ input: Input) {
    let text = input.text
    let rendered = ScalarText.render(text)
    hold(!rendered.unicodeScalars.contains { $0.properties.generalCategory == .control }, "not one line: \(rendered.debugDescription)")
    for (document, path) in [
        (rendered, []), ("[\(rendered)]", [0]), ("[a, \(rendered), b]", [1]), ("key: \(rendered)", [0]), ("{\(rendered): b}", [0]),
        ("a:\n  - \(rendered)\n", [0, 0]),
    ] {
        let isKey = document.hasPrefix("{")
        // Longer ones are keys only behind a question mark.
        if isKey, rendered.utf8.count > 1000 { continue }
        hold(read(document, at: path, key: isKey) == text, "\(text.debugDescription) reads back as another from \(document)")
    }
    checkDuration(text)
}

private func read(_ document: String, at path: [Int], key: Bool) -> String? {
    let log = ProblemLog(file: "f")
    guard let root = Composer.compose(Array(document.utf8), log: log), log.isEmpty else { return nil }
    var node = root
    for index in path {
        switch node.content {
        case .sequence(let elements) where index < elements.count: node = elements[index]
        case .mapping(let entries) where index < entries.count:
            if key { return entries[index].key }
            node = entries[index].value
        default: return nil
        }
    }
    guard case .scalar(let scalar) = node.content, !node.isNull else { return nil }
    return scalar.text
}

private func checkDuration(_ text: String) {
    guard let duration = try? DurationText.parse(text) else { return }
    hold(duration >= .zero, "\(text) is negative")
    let written = DurationText.format(duration)
    hold((try? DurationText.parse(written)) == duration, "\(text) is written as \(written)")
}
