/// How one collector fared in the collection that a snapshot comes from.
package struct CollectorReport: Sendable, Hashable {
    package let collector: CollectorName
    /// nil: it succeeded, or is not supported.
    package let failure: CollectorFailure?
    /// Why this server cannot be asked at all, in its own words: nothing that changes while the connection lasts. nil: it can.
    package let unsupported: String?
    /// Seconds from the previous answer of the same round trip to this one, so the sum over the collectors is the collection.
    package let seconds: Double

    package init(collector: CollectorName, failure: CollectorFailure?, seconds: Double) {
        self.collector = collector
        self.failure = failure
        self.unsupported = nil
        self.seconds = seconds
    }

    /// A collector that this server does not support; `reason` is the server's.
    package init(collector: CollectorName, unsupported reason: String) {
        self.collector = collector
        self.failure = nil
        self.unsupported = reason
        self.seconds = 0
    }
}

extension CollectorReport {
    /// Whether this server can be asked.
    package var isSupported: Bool { unsupported == nil }
}

/// Why a collector has no value. Carries the server's message for the log and the page, never a secret.
package struct CollectorFailure: Sendable, Hashable, Error {
    package let reason: Reason
    package let message: String

    /// The values of the label `reason`.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The role may not read this (SQLSTATE 42501).
        case permission
        /// No answer before the deadline, or the server's statement_timeout or lock_timeout struck.
        case timeout
        /// The answer had another form than this version of PostgreSQL documents.
        case decode
        /// Any other error of the statement.
        case sql
        /// The connection was lost before the answer came.
        case connection
    }

    package init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}
