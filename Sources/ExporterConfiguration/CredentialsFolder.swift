#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The folder in which systemd hands credentials (`LoadCredential=`) to a service: another one for each unit, so that a file can only name
/// it by its variable.
enum CredentialsFolder {
    private static let mark = "${CREDENTIALS_DIRECTORY}/"

    /// The path of `${CREDENTIALS_DIRECTORY}/NAME`. Any other path stays, and so does this one where there is no such folder: then there is no
    /// such file either, and that is told of it.
    static func expand(_ path: String) -> String {
        guard path.hasPrefix(mark), let folder = getenv("CREDENTIALS_DIRECTORY").map({ String(cString: $0) }), folder.hasPrefix("/") else {
            return path
        }
        return folder + "/" + path.dropFirst(mark.count)
    }
}
