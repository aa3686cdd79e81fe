#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What libpq allows as the value of a key, and says only when it connects. No text here repeats a value.
enum ConnectionValues {
    /// What is wrong with a value, or nil.
    static func complaint(about value: String, of keyword: String) -> String? {
        if ConnectionKeywords.passwords.contains(keyword) { return nil }
        if SwallowedKey.isSuspected(in: value, of: keyword) {
            return "\(keyword) seems to hold a further key or a password: key=value pairs are separated by blanks, the parameters of a URI by &"
        }
        // Options are never shown.
        if keyword != "options", let hidden = value.unicodeScalars.first(where: isInvisible) {
            return "\(keyword) holds the invisible character \(codePoint(hidden))"
        }
        if let allowed = choices[keyword] {
            return allowed.contains(value) ? nil : "\(keyword): expected one of \(allowed.joined(separator: ", "))"
        }
        switch keyword {
        case "ssl_min_protocol_version", "ssl_max_protocol_version":
            let isKnown = value.isEmpty || protocols.contains { $0.lowercased() == value.lowercased() }
            return isKnown ? nil : "\(keyword): expected one of \(protocols.joined(separator: ", "))"
        case "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout":
            return value.isEmpty || Int32(value) != nil ? nil : "\(keyword): expected a whole number"
        case "port":
            return elements(value).allSatisfy { $0.isEmpty || isPort($0) } ? nil : "port: expected a number from 1 to 65535, or a list of them"
        case "host": return elements(value).lazy.compactMap(complaintAboutHost).first
        case "hostaddr":
            return elements(value).allSatisfy { $0.isEmpty || isAddress($0) } ? nil : "hostaddr: expected an IPv4 or IPv6 address, or a list"
        case "require_auth":
            do throws(PostgresError) {
                _ = try AuthenticationRule(parsing: value, from: .connectionString)
                return nil
            } catch {
                return error.message
            }
        case "replication":
            return ["", "0", "false", "off", "no"].contains(value) ? nil : "replication: nothing can be asked on such a connection"
        default: return nil
        }
    }

    /// What is wrong with values that are well-formed each, or nil.
    static func complaint(about value: (String) -> String?) -> String? {
        func count(_ keyword: String) -> Int { (value(keyword)).map { $0.isEmpty ? 0 : elements($0).count } ?? 0 }
        let (hosts, addresses, ports) = (count("host"), count("hostaddr"), count("port"))
        if hosts > 0, addresses > 0, hosts != addresses { return "hostaddr: \(addresses) for \(hosts) of host; give one for each" }
        let all = max(hosts, addresses)
        if all > 0, ports > 1, ports != all { return "port: \(ports) for \(all) hosts; give one for all, or one for each" }
        if let least = value("ssl_min_protocol_version").flatMap(rank), let most = value("ssl_max_protocol_version").flatMap(rank), least > most {
            return "ssl_min_protocol_version is above ssl_max_protocol_version"
        }
        if value("sslrootcert") == "system", let mode = value("sslmode"), mode != "verify-full", ConnectionKeywords.names.contains("sslcertmode") {
            return "sslmode: sslrootcert=system needs verify-full"
        }
        return nil
    }

    static func elements(_ value: String) -> [Substring] { value.split(separator: ",", omittingEmptySubsequences: false) }

    private static let choices: [String: [String]] = [
        "sslmode": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
        "channel_binding": ["disable", "prefer", "require"],
        "gssencmode": ["disable", "prefer", "require"],
        "target_session_attrs": ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"],
        "sslcertmode": ["disable", "allow", "require"],
        "load_balance_hosts": ["disable", "random"],
        "sslnegotiation": ["postgres", "direct"],
        "min_protocol_version": ["3.0", "3.2", "latest"],
        "max_protocol_version": ["3.0", "3.2", "latest"],
    ]

    private static let protocols = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]

    private static func rank(_ version: String) -> Int? { protocols.firstIndex { $0.lowercased() == version.lowercased() } }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt16(text).map { $0 > 0 } ?? false
    }

    private static func isAddress(_ text: Substring) -> Bool {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_family = AF_UNSPEC
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(String(text), nil, &hints, &found) == 0 else { return false }
        freeaddrinfo(found)
        return true
    }

    private static func complaintAboutHost(_ host: Substring) -> String? {
        if host.hasPrefix("/") || host.hasPrefix("@") {
            // `/.s.PGSQL.5432` has to fit behind it.
            return host.utf8.count <= 93 ? nil : "host: the path of the socket's directory is too long"
        }
        if host.count(where: { $0 == ":" }) == 1 { return "host: holds a colon; the port is a key of its own: host=… port=5432" }
        // The name of an interface may follow the % of a link-local address.
        let name = host.contains(":") ? host.prefix { $0 != "%" } : host
        let isName = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.:".unicodeScalars.contains($0)
        }
        return isName ? nil : "host: expected names, addresses or directories of sockets; letters, digits and . - _ : are allowed in a name"
    }

    /// Characters that change how what is around them is shown, or that cannot be seen.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        default: false
        }
    }

    private static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
