/// A finding that somebody knows of, or means, until some time.
package struct SilenceConfiguration: Sendable, Hashable {
    /// The finding's code, one that the exporter knows.
    package var finding: String
    /// A target, configured or a member of a Patroni cluster; nil: any.
    package var target: String?
    /// A slot's name; nil: any, or none.
    package var slot: String?
    /// Unix time; from then on it counts no more.
    package var until: Int64
    /// Why, in one line.
    package var reason: String

    /// As the file has it.
    package var untilText: String { UTCTime.format(until) }
}
