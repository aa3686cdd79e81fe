import CCrypt

/// bcrypt by the system's libcrypt. It takes tens of milliseconds and more: never on a loop.
enum Bcrypt {
    /// Whether this is the password of the hash. One that holds a NUL never is: C would compare what stands before it.
    static func isMatch(_ password: [UInt8], hash: String) -> Bool {
        guard !password.contains(0), let computed = computed(password, setting: hash) else { return false }
        return isSame(computed, Array(hash.utf8))
    }

    /// The hash that libcrypt makes of a password; nil when the setting is none.
    static func computed(_ password: [UInt8], setting: String) -> [UInt8]? {
        // 32 KiB that must be zero at first, and hold parts of the password afterwards.
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        data.initialize(to: crypt_data())
        defer {
            data.update(repeating: crypt_data(), count: 1)
            data.deallocate()
        }
        var phrase = password.map { CChar(bitPattern: $0) }
        phrase.append(0)
        guard let result = crypt_r(phrase, setting, data) else { return nil }
        let text = String(cString: result)
        return text.utf8.count == PasswordHash.length ? Array(text.utf8) : nil
    }

    /// Takes the same time wherever the difference is.
    private static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    /// A hash that no password has, for names that nobody has: comparing with it costs what a real one costs.
    static func dummy(cost: Int) -> String {
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        return "$2b$\(digits)$abcdefghijklmnopqrstuu" + String(repeating: "7", count: 31)
    }
}
