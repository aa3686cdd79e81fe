#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Paths, without Foundation.
enum FilePath {
    /// The folder of a file as an absolute path, with a slash at its end. Symbolic links stay: Kubernetes replaces them.
    static func absoluteFolder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return workingFolder }
        return resolve(String(file[...slash]), in: workingFolder)
    }

    /// The path itself when it is absolute, else below a folder that ends with a slash.
    static func resolve(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") { return path }
        var rest = Substring(path)
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        return folder + rest
    }

    private static var workingFolder: String {
        guard let path = getcwd(nil, 0) else { return "./" }
        defer { free(path) }
        let text = String(cString: path)
        return text.hasSuffix("/") ? text : text + "/"
    }
}
