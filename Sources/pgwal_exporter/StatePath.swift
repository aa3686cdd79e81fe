import ExporterConfiguration

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where what outlives the process is kept.
enum StatePath {
    /// The flag wins over the configuration, that over systemd's folder; `none`: nowhere.
    /// - Returns: nil when nothing is to be kept.
    static func chosen(flag: String?, _ configuration: Configuration) -> String? {
        if let flag { return flag.isEmpty || flag == "none" ? nil : flag }
        return configuration.stateFile ?? systemd
    }

    /// systemd may name several folders.
    private static var systemd: String? {
        let folder = getenv("STATE_DIRECTORY").map { String(cString: $0) }?.split(separator: ":").first
        return folder.map { "\($0)/state" }
    }
}
