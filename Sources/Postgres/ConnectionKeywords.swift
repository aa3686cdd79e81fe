import CLibPQ

/// The keys that a connection string may have.
enum ConnectionKeywords {
    /// All that may be given, and whether a value is a password: those of libpq, and `require_auth`, which is ours where libpq does not know it.
    static let known = ofLibpq + (isKnownToLibpq("require_auth") ? [] : [("require_auth", false)])

    /// Whether the libpq that is linked knows a key.
    static func isKnownToLibpq(_ keyword: String) -> Bool { ofLibpq.contains { $0.keyword == keyword } }

    /// Those of the libpq that is linked, in its order, and whether it hides their values.
    private static let ofLibpq: [(keyword: String, isPassword: Bool)] = {
        guard let list = PQconninfoParse("", nil) else { return [] }
        defer { PQconninfoFree(list) }
        var known: [(keyword: String, isPassword: Bool)] = []
        var next = list
        while let keyword = next.pointee.keyword {
            let name = String(cString: keyword)
            // libpq hides passwords ("*"), but not the SCRAM keys of libpq 18, which are as good as one.
            let isPassword = next.pointee.dispchar?.pointee == CChar(UInt8(ascii: "*")) || name.hasPrefix("scram_")
            known.append((name, isPassword))
            next += 1
        }
        return known
    }()

    static let names = Set(known.map(\.keyword))

    /// Those that hold a password, or as much.
    static let passwords = Set(known.filter(\.isPassword).map(\.keyword))

    /// Keys that later versions of libpq brought.
    private static let later: [(keyword: String, since: Int)] = [
        ("load_balance_hosts", 16), ("sslcertmode", 16), ("gssdelegation", 17), ("sslnegotiation", 17),
        ("max_protocol_version", 18), ("min_protocol_version", 18), ("oauth_client_id", 18), ("oauth_client_secret", 18), ("oauth_issuer", 18),
        ("oauth_scope", 18), ("scram_client_key", 18), ("scram_server_key", 18), ("servicefile", 18), ("sslkeylogfile", 18),
    ]

    /// What is wrong with a key, or nil. The key itself is not repeated unless it is a real one: it may be a piece of a password.
    static func complaint(about assignment: ConnectionStringSyntax.Assignment) -> String? {
        guard !names.contains(assignment.keyword) else { return nil }
        if let later = later.first(where: { $0.keyword == assignment.keyword }) {
            return "\(later.keyword) needs libpq \(later.since), and this is libpq \(ClientLibrary.version)"
        }
        let hint = nearest(to: assignment.keyword).map { "; did you mean '\($0)'?" } ?? ""
        return "the key at character \(assignment.position) is none of libpq \(ClientLibrary.version)\(hint)"
    }

    private static func nearest(to word: String) -> String? {
        // Others are no typing errors, and the distance costs the product of the lengths.
        guard (2...40).contains(word.utf8.count) else { return nil }
        var nearest: (keyword: String, distance: Int)?
        for (keyword, _) in known {
            let distance = editDistance(word.lowercased(), keyword)
            if distance <= 2, distance < (nearest?.distance ?? .max) { nearest = (keyword, distance) }
        }
        return nearest?.keyword
    }
}
