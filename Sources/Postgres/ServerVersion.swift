/// A server's `server_version_num`, e.g. 150018.
package struct ServerVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// `server_version_num`; 0 when it is not known.
    package let number: Int

    /// From `server_version_num`.
    package init(number: Int) {
        self.number = number
    }

    /// From a major version of 10 or later, e.g. 17, and its minor release.
    package init(major: Int, minor: Int = 0) {
        number = major * 10_000 + minor
    }

    /// E.g. 15. Before 10 it is the first of two numbers that make a major version.
    package var major: Int { number / 10_000 }

    /// E.g. "15.18"; "19" for 19.0 and all its betas and release candidates, which have the same number.
    package var description: String {
        guard number > 0 else { return "unknown" }
        guard major >= 10 else { return "\(major).\(number / 100 % 100).\(number % 100)" }
        let minor = number % 10_000
        return minor == 0 ? "\(major)" : "\(major).\(minor)"
    }

    /// In the order of release.
    package static func < (one: Self, other: Self) -> Bool {
        one.number < other.number
    }
}
