import Checks
@testable import Postgres

/// Connection strings, whole, with a password somewhere: whatever is wrong with them, no text that is meant for people shows it, and what is right
/// is read as libpq reads it.
@Sendable func fuzzConnectionStrings(_ input: Input) {
    let conninfo = input.text
    let redacted = ConnectionParameters.redacted(conninfo)
    let options: [ConnectionString.Option]
    do throws(PostgresError) {
        options = try ConnectionString(parsing: conninfo).options
    } catch {
        // libpq has read it too, once we had.
        for words in ["reads it otherwise", "cannot read it"] { hold(!error.message.contains(words), "\(error): \(conninfo)") }
        hold(!Planted.isIn(error.description), "an error shows the password: \(error)")
        hold(!Planted.isIn(redacted), "what is not valid is shown: \(redacted)")
        hold(ConnectionParameters.keywords(in: conninfo).isEmpty, "what is not valid has no keywords")
        hold(ConnectionParameters.endpoints(of: conninfo).isEmpty, "what is not valid leads nowhere")
        return
    }
    do throws(PostgresError) {
        // The environment, and the lack of a service, are looked at as well.
        try ConnectionParameters.validate(conninfo)
    } catch {
        hold(!Planted.isIn(error.description), "an error shows the password: \(error)")
    }
    hold(Set(options.map(\.keyword)) == ConnectionParameters.keywords(in: conninfo), "two lists of keywords")
    // Where it is also given as something else, such as the user's name, that is shown.
    if !options.contains(where: { !$0.isSecret && Planted.isIn($0.value) }) {
        hold(!Planted.isIn(redacted), "the password is shown: \(redacted)")
        hold(!Planted.isIn("\(ConnectionParameters(conninfo: conninfo))"), "a dump shows the password")
    }
    hold(redacted.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "not one line: \(redacted.debugDescription)")
    checkReadsBack(redacted, as: options)
    for endpoint in ConnectionParameters.endpoints(of: conninfo) { hold(!endpoint.host.isEmpty, "an endpoint without a host") }
    _ = try? ConnectionParameters(conninfo: conninfo).keywords(password: "p", sending: .all)
}

/// What is shown can be pasted: libpq reads the same from it, apart from the secrets.
private func checkReadsBack(_ redacted: String, as options: [ConnectionString.Option]) {
    guard !options.isEmpty else { return }
    // What is not one line is shown in another form.
    guard options.allSatisfy({ $0.isSecret || $0.value.isOneLine }) else { return }
    guard let again = (try? ConnectionString(parsing: redacted))?.options else { fatalError("cannot be read back: \(redacted)") }
    hold(again.count == options.count, "\(redacted) has \(again.count) options of \(options.count)")
    for option in options where !option.isSecret {
        let value = again.first { $0.keyword == option.keyword }?.value
        hold(value == option.value, "\(option.keyword) is \(option.value) and reads back as \(value ?? "nothing")")
    }
}

extension String {
    fileprivate var isOneLine: Bool { !contains(where: \.isNewline) && utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
