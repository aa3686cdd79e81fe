import ExporterConfiguration
import Logging

/// Parts of the file that are checked, and not acted on by this version: said aloud, so that nobody relies on them.
enum UnsupportedParts {
    static func warn(of configuration: Configuration, _ logger: Logger) {
        if !configuration.patroni.isEmpty {
            logger.warning("this version does not watch Patroni: 'patroni' in the configuration is checked and otherwise ignored")
        }
        if configuration.targets.contains(where: { $0.expectations != .init() }) {
            logger.warning("this version has no metrics for expectations: 'expect' in the configuration is checked and otherwise ignored")
        }
    }
}
