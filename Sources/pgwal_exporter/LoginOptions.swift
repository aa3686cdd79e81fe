import ArgumentParser
import ExporterConfiguration

/// As whom an exporter is asked.
struct LoginOptions: ParsableArguments {
    @Option(help: ArgumentHelp("One of the exporter's users.", valueName: "name"))
    var username: String?

    @Option(name: .customLong("password-file"), help: ArgumentHelp("A file with that user's password.", valueName: "path"))
    var passwordFile: String?

    @Option(help: ArgumentHelp("A client's certificate, in PEM.", valueName: "path"))
    var cert: String?

    @Option(help: ArgumentHelp("Its key, in PEM.", valueName: "path"))
    var key: String?

    func validate() throws {
        guard (username == nil) == (passwordFile == nil) else { throw ValidationError("--username and --password-file go together.") }
        guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key go together.") }
    }

    var isEmpty: Bool { username == nil && cert == nil }
}
