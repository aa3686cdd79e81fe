internal import YAMLTree

/// Tells whether a file of certificates or keys can be used at all, so that a mistake is seen at start and not at the first request.
package enum FileCheck {
    private static let limit = 1 << 20

    /// Why a file cannot be read, to follow the file's name, or nil. Tells neither the path nor what is in the file.
    @Sendable package static func complaint(about path: String) -> String? {
        do {
            return try BoundedFile.bytes(of: path, limit: limit).isEmpty ? "is empty" : nil
        } catch {
            return error.reason
        }
    }
}
