/// The rules for a bcrypt hash in the file, before it is ever computed with.
enum PasswordHash {
    /// `$2b$12$`, 22 characters of salt and 31 of the hash.
    static let length = 60

    /// What is wrong with it, or nil. The hash is not repeated.
    static func problem(_ hash: String) -> String? {
        let bytes = Array(hash.utf8)
        guard bytes.count >= length - 1 else {
            return "hashedSecret too short to be a bcrypted password; expected a bcrypt hash of \(length) characters, as htpasswd -nB makes it"
        }
        guard bytes[0] == UInt8(ascii: "$") else { return "bcrypt hashes must start with '$'" }
        guard bytes[1] <= UInt8(ascii: "2") else { return "bcrypt algorithm version requested is newer than current version '2'" }
        guard ["$2a$", "$2b$", "$2x$", "$2y$"].contains(where: { hash.hasPrefix($0) }) else {
            return "expected a bcrypt hash that begins with $2a$, $2b$ or $2y$"
        }
        guard let cost = cost(of: hash) else { return "the cost is not a number of two digits: expected $2y$12$ and the like" }
        guard (4...31).contains(cost) else { return "cost \(cost) is outside allowed inclusive range 4..31" }
        guard bytes.count == length, bytes[6] == UInt8(ascii: "$"), bytes[7...].allSatisfy(isOfAlphabet) else {
            return "expected a bcrypt hash of exactly \(length) characters: $2y$, the cost, $, and 53 of ./A-Za-z0-9"
        }
        return nil
    }

    /// The cost that a hash names, or nil.
    static func cost(of hash: String) -> Int? {
        let digits = hash.utf8.dropFirst(4).prefix(2)
        guard digits.count == 2, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(Substring(digits))
    }

    private static func isOfAlphabet(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
