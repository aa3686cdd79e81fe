#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The files that libpq reads when it connects. They may come and go: that one is not there is to be told, and no reason not to start.
extension ConnectionParameters {
    /// What keeps the files that a valid connection string, its service or the environment names from being of use; empty when nothing does.
    ///
    /// Each text names the key, and not the file: somebody may have pasted a key itself.
    /// - Parameter hasPassword: whether libpq is given one, so that it needs no file for it.
    package static func fileProblems(of conninfo: String, hasPassword: Bool) -> [String] {
        // What cannot be read at all has been told.
        guard let options = try? ConnectionRehearsal.effective(conninfo) else { return [] }
        let values = Dictionary(options.map { ($0.keyword, $0.value) }) { $1 }
        func given(_ keyword: String) -> String? { values[keyword].flatMap { $0.isEmpty ? nil : $0 } }
        var problems: [String] = []
        if usesTLS(given) {
            for keyword in ["sslcert", "sslkey", "sslrootcert", "sslcrl"] {
                guard let path = given(keyword) else { continue }
                // Neither names a file: the system's authorities, and a key in an engine.
                if keyword == "sslrootcert" && path == "system" || keyword == "sslkey" && path.contains(":") { continue }
                let reason = unreadable(path) ?? (keyword == "sslkey" ? tooOpen(key: path) : nil)
                if let reason { problems.append("\(keyword): this file \(reason)") }
            }
            if let mode = given("sslmode"), mode.hasPrefix("verify-"), given("sslrootcert") == nil, let home = getenv("HOME"),
                let reason = unreadable(String(cString: home) + "/.postgresql/root.crt")
            {
                problems.append("sslmode: \(mode) needs sslrootcert, since ~/.postgresql/root.crt \(reason)")
            }
        }
        let isPasswordKnown = hasPassword || holdsPassword(conninfo) || getenv("PGPASSWORD") != nil
        if !isPasswordKnown, let reason = unusable(passwordFile: given("passfile") ?? "", isNamed: isPasswordFileNamed(conninfo)) {
            problems.append("passfile: libpq ignores this file, which \(reason)")
        }
        return problems
    }

    /// TLS is for TCP alone.
    private static func usesTLS(_ given: (String) -> String?) -> Bool {
        guard given("sslmode") != "disable" else { return false }
        if given("hostaddr") != nil { return true }
        return ConnectionValues.elements(given("host") ?? "").contains { !$0.isEmpty && !$0.hasPrefix("/") && !$0.hasPrefix("@") }
    }

    private static func isPasswordFileNamed(_ conninfo: String) -> Bool {
        keywords(in: conninfo).contains("passfile") || getenv("PGPASSFILE") != nil
    }

    private static func unreadable(_ path: String) -> String? {
        access(path, R_OK) == 0 ? nil : "cannot be read: \(String(cString: strerror(errno)))"
    }

    /// libpq's rule for a private key.
    private static func tooOpen(key path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG else { return "is not a regular file" }
        let forbidden = status.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO
        return status.st_mode & forbidden == 0 ? nil : "is open to others, so that libpq refuses it: chmod 600, or 640 when root owns it"
    }

    /// libpq's rule for its password file, of which it takes no notice when it is not there.
    private static func unusable(passwordFile path: String, isNamed: Bool) -> String? {
        var status = stat()
        guard !path.isEmpty else { return nil }
        guard stat(path, &status) == 0 else { return isNamed ? unreadable(path) : nil }
        guard status.st_mode & S_IFMT == S_IFREG else { return "is not a regular file" }
        guard status.st_mode & (S_IRWXG | S_IRWXO) == 0 else { return "others can read or write: chmod 600" }
        return unreadable(path)
    }
}
