import Checks
import ReplicationModel

/// `synchronous_standby_names`: what was understood, written in full, is understood as the same.
@Sendable func fuzzStandbyNames(_ input: Input) {
    guard let standbys = parsed(input.text) else { return }
    hold(standbys.required > 0, "commits wait for somebody")
    hold(!standbys.names.isEmpty, "there is a name")
    hold(parsed(rendered(standbys)) == standbys, "\(rendered(standbys)) reads back as \(standbys)")
    // Blanks between the words mean nothing.
    hold(parsed(" \t\n" + input.text + " ") == standbys, "blanks around the text mean nothing")
}

private func parsed(_ text: String) -> SynchronousStandbys? {
    // A form that no server accepts; nothing holds of it.
    try? SynchronousStandbys(text)
}

private func rendered(_ standbys: SynchronousStandbys) -> String {
    let names = standbys.names.map { "\"" + $0.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\"" }
    return "\(standbys.method == .any ? "ANY" : "FIRST") \(standbys.required) (\(names.joined(separator: ", ")))"
}
