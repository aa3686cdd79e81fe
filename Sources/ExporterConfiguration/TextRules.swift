internal import YAMLTree

/// What texts in a configuration may be. Each function gives what is wrong, or nil; none repeats the text.
enum TextRules {
    /// Names of targets: labels, URL parameters and headings of a page.
    static func complaint(aboutName name: String) -> String? {
        if name.isEmpty { return "must not be empty" }
        if name.utf8.count > 128 { return "must not be longer than 128 bytes" }
        if let complaint = complaint(aboutPrinting: name) { return complaint }
        if name.first!.isWhitespace || name.last!.isWhitespace { return "must not begin or end with a space" }
        return nil
    }

    /// Names of clusters: the members are targets called `CLUSTER/MEMBER`.
    static func complaint(aboutClusterName name: String) -> String? {
        complaint(aboutName: name) ?? (name.contains("/") ? "must not contain a slash; members are called CLUSTER/MEMBER" : nil)
    }

    /// Label names, as Prometheus has them.
    static func complaint(aboutLabelName name: String, reserved: Set<String>) -> String? {
        let isValid = name.utf8.first.map { !isDigit($0) } ?? false && name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
        if !isValid { return "not a label name; letters, digits and _ are allowed, and the first must not be a digit" }
        if name.utf8.count > 128 { return "must not be longer than 128 bytes" }
        if name.hasPrefix("__") { return "label names that begin with __ are Prometheus's own" }
        if reserved.contains(name) { return "this label name is reserved for Prometheus or the exporter's metrics; choose another" }
        return nil
    }

    /// Values of labels. An empty one would be no label at all.
    static func complaint(aboutLabelValue value: String) -> String? {
        if value.isEmpty { return "must not be empty" }
        if value.utf8.count > 1024 { return "must not be longer than 1024 bytes" }
        return complaint(aboutPrinting: value)
    }

    /// Why something is so, for a page.
    static func complaint(aboutReason reason: String) -> String? {
        if reason.isEmpty { return "must not be empty" }
        if reason.utf8.count > 1024 { return "must not be longer than 1024 bytes" }
        return complaint(aboutPrinting: reason)
    }

    /// Names of replication slots, as PostgreSQL has them.
    static func complaint(aboutSlotName name: String) -> String? {
        let isValid = (1...63).contains(name.utf8.count) && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || isDigit($0) || $0 == 0x5F }
        return isValid ? nil : "not a slot name; 1 to 63 lower-case letters, digits and _ are allowed"
    }

    /// `application_name`: PostgreSQL cuts it at 63 bytes and replaces what is not printable ASCII.
    static func complaint(aboutApplicationName name: String) -> String? {
        let isValid = (1...63).contains(name.utf8.count) && name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return isValid ? nil : "not an application_name; 1 to 63 printable ASCII characters are allowed"
    }

    /// Paths of files and folders, which messages name.
    static func complaint(aboutPath path: String) -> String? {
        path.utf8.count < 4096 ? complaint(aboutPrinting: path) : "longer than any path"
    }

    /// Names of users for HTTP, which writes a colon between name and password.
    static func complaint(aboutUserName name: String) -> String? {
        if name.isEmpty { return "must not be empty" }
        if name.utf8.count > 255 { return "must not be longer than 255 bytes" }
        if name.contains(":") { return "must not contain a colon" }
        return complaint(aboutPrinting: name)
    }

    /// The address of a Patroni member: shown on the page, so nothing secret can be in it.
    static func complaint(aboutPatroniURL url: String) -> String? {
        let expectation = "expected http://host:port or https://host:port"
        guard url.utf8.count <= 1024, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return expectation }
        if url.contains("@") { return "\(expectation), without user and password, for which there is the key basic_auth" }
        guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return expectation }
        let host = url.dropFirst(scheme.count)
        guard let first = host.first, !":/".contains(first), !host.contains(where: { "?#".contains($0) }) else { return expectation }
        return nil
    }

    private static func complaint(aboutPrinting text: String) -> String? {
        PrintedText.unprintable(in: text).map { "must be printable and in one line; it holds the character \(PrintedText.codePoint($0))" }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }
}
