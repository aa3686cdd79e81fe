/// What Patroni makes of a member's name.
enum MemberNames {
    /// Its `application_name`: PostgreSQL cuts it at 63 bytes. nil for a name that is not printable ASCII, which PostgreSQL writes
    /// differently from one version to the next.
    static func applicationName(of member: String) -> String? {
        guard member.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return String(member.prefix(63))
    }
}
