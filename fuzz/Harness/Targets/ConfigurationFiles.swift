import Checks
import ExporterConfiguration
import Postgres
import YAMLTree

/// A configuration file, read as `--config.file` is, with a password in a connection string: no mistake in the file makes an error text show
/// it, and what was understood, written with every default, is understood as the same.
@Sendable func fuzzConfigurationFiles(_ input: Input) {
    do throws(ConfigurationError) {
        let configuration = try loader.parse(input.bytes, file: file)
        checkReadsBack(configuration)
        let shown = configuration.yaml(redactDSN: ConnectionParameters.redacted)
        if !input.isPlantedOutsideOfPasswords(configuration) { hold(!Planted.isIn(shown), "the effective configuration shows the password") }
        var dump = ""
        Swift.dump(configuration, to: &dump)
        if !input.isPlantedOutsideOfPasswords(configuration) { hold(!Planted.isIn(dump), "a dump shows the password") }
    } catch {
        checkErrors(error, of: input)
    }
}

private let file = "/etc/pgwal/config.yml"

private let loader = ConfigurationLoader(
    knownCollectors: ["wal", "slots", "walsenders", "subscriptions", "wal_directory"],
    reservedLabels: ["slot_name", "application_name", "role", "state"],
    validateDSN: { dsn in
        do throws(PostgresError) {
            try ConnectionParameters.validate(dsn)
            return nil
        } catch {
            return error.message
        }
    },
    dsnKeywords: ConnectionParameters.keywords,
    checkFile: { $0.contains("absent") ? "cannot be read: No such file or directory" : nil }
)

private func checkErrors(_ error: ConfigurationError, of input: Input) {
    hold(!error.lines.isEmpty, "an error without a reason")
    hold(error.lines.count <= ProblemLog.limit + 1, "\(error.lines.count) lines of errors")
    for line in error.lines {
        hold(!Planted.isIn(line), "an error shows the password: \(line)")
        hold(line.hasPrefix(file), "an error names another file: \(line)")
        hold(!line.unicodeScalars.contains { $0.properties.generalCategory == .control }, "an error is not one line: \(line.debugDescription)")
        hold(line.utf8.count < 4096, "an error of \(line.utf8.count) bytes")
    }
}

private func checkReadsBack(_ configuration: Configuration) {
    let written = configuration.yaml(redactDSN: { $0 })
    do throws(ConfigurationError) {
        let again = try loader.parse(Array(written.utf8), file: file)
        hold(again == withoutPasswords(configuration), "reads back as another:\n\(written)")
    } catch {
        fatalError("cannot be read back: \(error)\n\(written)")
    }
}

/// Those for REST interfaces are never written.
private func withoutPasswords(_ configuration: Configuration) -> Configuration {
    var configuration = configuration
    for index in configuration.patroni.indices {
        if case .text? = configuration.patroni[index].basicAuth?.password {
            configuration.patroni[index].basicAuth?.password = .text(Secret("***"))
        }
    }
    return configuration
}

extension Input {
    /// A label, a name or a path may be the same text; then it is shown, and may be.
    fileprivate func isPlantedOutsideOfPasswords(_ configuration: Configuration) -> Bool {
        var texts: [String] = []
        for target in configuration.targets {
            texts += [target.name, target.passwordFile ?? "", target.walDirectory ?? ""]
            texts += target.labels.values
            texts += target.expectations.standbys.map(\.applicationName)
            // In a connection string as something else than a password.
            texts.append(ConnectionParameters.redacted(target.dsn.reveal()))
        }
        for cluster in configuration.patroni {
            texts += [cluster.name, cluster.passwordFile ?? ""]
            texts += cluster.urls
            texts += cluster.labels.values
            texts += cluster.expectations.standbys.map(\.applicationName)
            texts += [cluster.tls.caFile, cluster.tls.certFile, cluster.tls.keyFile].compactMap(\.self)
            texts.append(ConnectionParameters.redacted(cluster.dsn.reveal()))
            texts += cluster.membersWithin.map(\.description)
            if let basicAuth = cluster.basicAuth {
                texts.append(basicAuth.username)
                if case .file(let path) = basicAuth.password { texts.append(path) }
            }
        }
        return texts.contains(where: Planted.isIn)
    }
}
