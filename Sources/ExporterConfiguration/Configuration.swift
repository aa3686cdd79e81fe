/// All that the exporter was told to do, checked: what is in here can be used as it is.
package struct Configuration: Sendable, Hashable {
    /// Where the targets came from.
    package enum Origin: Sendable, Hashable, CustomStringConvertible {
        /// The file of `--config.file`, as the user named it.
        case file(String)
        /// The flag `--dsn`.
        case flag
        /// An environment variable of the given name.
        case environment(String)
        /// Nothing was given: libpq finds the server by its own environment and files.
        case libpq

        /// For the log and the status page: a file name, `--dsn`, a variable's name or `libpq's environment`.
        package var description: String {
            switch self {
            case .file(let path): path
            case .flag: "--dsn"
            case .environment(let name): name
            case .libpq: "libpq's environment"
            }
        }
    }

    /// The servers named one by one, in the order of the file.
    package var targets: [TargetConfiguration]
    /// The clusters whose members are found through Patroni, in the order of the file.
    package var patroni: [PatroniConfiguration]
    /// How servers are asked; flags have been applied.
    package var collection: CollectionConfiguration
    /// Which findings are to be borne, in the order of the file.
    package var silences: [SilenceConfiguration] = []
    /// Where what outlives the process is kept; nil: the file does not say.
    package var stateFile: String?
    /// Where the targets came from.
    package var origin: Origin
    /// What was found about the files that it names, when it was read.
    package var remarks: [Remark] = []

    /// By default there is no cluster and collecting has its defaults.
    package init(
        targets: [TargetConfiguration],
        patroni: [PatroniConfiguration] = [],
        collection: CollectionConfiguration = CollectionConfiguration(),
        origin: Origin
    ) {
        self.targets = targets
        self.patroni = patroni
        self.collection = collection
        self.origin = origin
    }
}
