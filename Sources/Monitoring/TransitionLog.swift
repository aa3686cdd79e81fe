import Logging
import ReplicationModel

/// Logs what changes, once: a target that stays down for an hour is one line, not one a scrape.
struct TransitionLog: Sendable {
    private let logger: Logger
    private var downReason: String?
    private var isKnown = false
    private var failures: [CollectorName: CollectorFailure] = [:]
    private var failuresBetween: [String: CollectorFailure] = [:]
    private var refusals: [String: String] = [:]

    init(logger: Logger) {
        self.logger = logger
    }

    mutating func isUp(_ snapshot: ServerSnapshot) {
        guard downReason != nil || !isKnown else { return }
        logger.notice(
            "target is up",
            metadata: ["version": "\(snapshot.identity.version)", "role": "\(snapshot.role.rawValue)"]
        )
        isKnown = true
        downReason = nil
    }

    mutating func isDown(_ reason: String) {
        guard downReason != reason else { return }
        logger.warning("target is down", metadata: ["error": "\(reason)"])
        isKnown = true
        downReason = reason
    }

    /// How something fared that is done between the collections; `failure` is nil when it worked.
    mutating func note(_ failure: CollectorFailure?, of activity: String) {
        guard failuresBetween[activity] != failure else { return }
        if let failure {
            logger.warning("\(activity) failed", metadata: ["reason": "\(failure.reason.rawValue)", "error": "\(failure.message)"])
        } else {
            logger.notice("\(activity) works again")
        }
        failuresBetween[activity] = failure
    }

    /// What a server refuses for good: told when it is new, not at every connection.
    mutating func isUnsupported(_ subject: String, because reason: String) {
        guard refusals[subject] != reason else { return }
        logger.notice("not supported by this server", metadata: ["collector": "\(subject)", "error": "\(reason)"])
        refusals[subject] = reason
    }

    mutating func note(_ report: CollectorReport) {
        if let reason = report.unsupported {
            failures[report.collector] = nil
            return isUnsupported(report.collector.rawValue, because: reason)
        }
        if report.failure == nil { refusals[report.collector.rawValue] = nil }
        guard failures[report.collector] != report.failure else { return }
        if let failure = report.failure {
            logger.warning(
                "collector failed",
                metadata: ["collector": "\(report.collector.rawValue)", "reason": "\(failure.reason.rawValue)", "error": "\(failure.message)"]
            )
        } else {
            logger.notice("collector works again", metadata: ["collector": "\(report.collector.rawValue)"])
        }
        failures[report.collector] = report.failure
    }
}
