package import Judgement

/// What the exporter says of itself on `/metrics`.
package struct ExporterReport: Sendable {
    package var build: Build
    package var process: ProcessUsage?
    /// nil where it does not serve.
    package var counters: Counters?
    /// nil where it does not serve.
    package var reload: Reload?
    /// nil where nothing is kept in a file.
    package var state: State?
    /// How many events there were of each kind; nil where it does not serve.
    package var events: [Event.Kind: Int]?

    /// Versions of what is running.
    package struct Build: Sendable, Hashable {
        package var version: String
        /// The commit that was built, abbreviated; empty: not known.
        package var revision: String
        /// When that commit was made, ISO 8601 in UTC; empty: not known.
        package var revisionDate: String
        package var swiftVersion: String
        package var libpqVersion: String

        package init(version: String, revision: String = "", revisionDate: String = "", swiftVersion: String, libpqVersion: String) {
            self.version = version
            self.revision = revision
            self.revisionDate = revisionDate
            self.swiftVersion = swiftVersion
            self.libpqVersion = libpqVersion
        }
    }

    /// The process as the operating system accounts for it. A part that it does not tell is nil.
    package struct ProcessUsage: Sendable, Hashable {
        /// User and system time in seconds.
        package var cpuSeconds: Double?
        package var residentBytes: Int64?
        package var virtualBytes: Int64?
        package var openFileDescriptors: Int64?
        package var maxFileDescriptors: Int64?
        package var threads: Int64?
        /// Unix time.
        package var startTime: Double?

        package init(
            cpuSeconds: Double? = nil,
            residentBytes: Int64? = nil,
            virtualBytes: Int64? = nil,
            openFileDescriptors: Int64? = nil,
            maxFileDescriptors: Int64? = nil,
            threads: Int64? = nil,
            startTime: Double? = nil
        ) {
            self.cpuSeconds = cpuSeconds
            self.residentBytes = residentBytes
            self.virtualBytes = virtualBytes
            self.openFileDescriptors = openFileDescriptors
            self.maxFileDescriptors = maxFileDescriptors
            self.threads = threads
            self.startTime = startTime
        }
    }

    /// What it counts while it serves.
    package struct Counters: Sendable, Hashable {
        package var logLinesDropped: Int64
        package var loopStalls: Int64
        /// Answers, one entry for each path and status.
        package var requests: [Requests] = []
        package var requestsInFlight: Int64?

        /// Answers of one path with one status.
        package struct Requests: Sendable, Hashable {
            package var handler: String
            package var code: Int
            package var count: Int64

            package init(handler: String, code: Int, count: Int64) {
                self.handler = handler
                self.code = code
                self.count = count
            }
        }

        package init(logLinesDropped: Int64 = 0, loopStalls: Int64 = 0) {
            self.logLinesDropped = logLinesDropped
            self.loopStalls = loopStalls
        }
    }

    /// The file that keeps what outlives the process.
    package struct State: Sendable, Hashable {
        /// It was read, and was whole.
        package var isLoaded: Bool
        /// Unix time; nil: not yet.
        package var lastWrite: Double?
        package var writeErrors: Int64

        package init(isLoaded: Bool, lastWrite: Double?, writeErrors: Int64) {
            self.isLoaded = isLoaded
            self.lastWrite = lastWrite
            self.writeErrors = writeErrors
        }
    }

    /// How the configuration was read last; the start counts as the first reload.
    package struct Reload: Sendable, Hashable {
        package var isSuccessful: Bool
        /// Of the configuration in force, Unix time.
        package var succeededAt: Double

        package init(isSuccessful: Bool = true, succeededAt: Double) {
            self.isSuccessful = isSuccessful
            self.succeededAt = succeededAt
        }
    }

    package init(
        build: Build,
        process: ProcessUsage?,
        counters: Counters? = nil,
        reload: Reload? = nil,
        state: State? = nil,
        events: [Event.Kind: Int]? = nil
    ) {
        self.state = state
        self.events = events
        self.build = build
        self.process = process
        self.counters = counters
        self.reload = reload
    }
}
