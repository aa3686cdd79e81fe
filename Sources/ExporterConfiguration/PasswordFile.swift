internal import YAMLTree

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a password file cannot be used. Tells nothing of what is in it.
package struct PasswordFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    package let path: String
    /// What is wrong with it.
    package let reason: String

    /// One line: `password file /run/secrets/monitor: is empty`.
    package var description: String { "password file \(path): \(reason)" }
}

/// Reads passwords from files.
package enum PasswordFile {
    private static let limit = 4096

    /// The contents of a file of at most 4 KiB in UTF-8, less one newline at its end. An empty password is an error.
    package static func read(_ path: String) throws(PasswordFileError) -> Secret {
        var bytes: [UInt8]
        do {
            bytes = try BoundedFile.bytes(of: path, limit: limit)
        } catch {
            throw PasswordFileError(path: path, reason: error.reason)
        }
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard !bytes.isEmpty else { throw PasswordFileError(path: path, reason: "is empty") }
        // libpq takes text that ends at the first NUL: a part of the password would be sent.
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw PasswordFileError(path: path, reason: "is not text in UTF-8")
        }
        return Secret(text)
    }

    /// What is to be said of a password file before it is needed: that it cannot be used, or that others can read it.
    @Sendable package static func remarks(about path: String) -> [Remark] {
        do throws(PasswordFileError) {
            _ = try read(path)
        } catch {
            return [.obstacle("this file \(error.reason)")]
        }
        var status = stat()
        // libpq's rule for private keys: what root gives to a group, as systemd and Kubernetes do, is meant so.
        let isRoots = stat(path, &status) == 0 && status.st_uid == 0
        guard status.st_mode & (isRoots ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO) != 0 else { return [] }
        let cure = "chmod 600, or 640 when root owns it, unless nobody else is on the machine or in the container"
        return [.exposure("others than its owner can read this file: \(cure)")]
    }
}
