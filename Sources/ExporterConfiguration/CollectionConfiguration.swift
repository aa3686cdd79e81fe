/// How servers are asked.
package struct CollectionConfiguration: Sendable, Hashable {
    /// The longest a collection may take; a scrape's own timeout may be shorter. Within `Limits.timeout`.
    package var timeout: Duration
    /// How often the WAL directory and the archive status directory are listed. Within `Limits.directoryInterval`.
    package var directoryInterval: Duration
    /// How often the end of WAL is sampled between scrapes; zero: never. Within `Limits.lsnSampleInterval`.
    package var lsnSampleInterval: Duration
    /// The names of the collectors that are switched off.
    package var disabledCollectors: Set<String>

    /// All collectors are on by default; a collection may take 5 s, directories are listed every 30 s, the end of WAL is
    /// sampled every second.
    package init(
        timeout: Duration = .seconds(5),
        directoryInterval: Duration = .seconds(30),
        lsnSampleInterval: Duration = .seconds(1),
        disabledCollectors: Set<String> = []
    ) {
        self.timeout = timeout
        self.directoryInterval = directoryInterval
        self.lsnSampleInterval = lsnSampleInterval
        self.disabledCollectors = disabledCollectors
    }
}
