import Postgres
import ReplicationModel

/// What is decided about one target: when to connect, collect, list, sample and look, who waits for what, what is given up and when it is
/// tried again.
///
/// Events in, actions out; the time is passed in, and chance comes from a seed. It knows no session, no SQL and no clock, so every
/// transition can be tried by hand. Whoever carries out the actions reports back with an event, and calls again at ``alarm``.
///
/// There is one job on the one connection at a time. A collection goes ahead of all others, and a caller who has no time to wait for it
/// changes nothing but his own answer.
struct TargetState: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How long things may take and how often they are done.
    struct Limits: Sendable {
        /// A whole collection, with connecting.
        var timeout: Duration
        var directoryInterval: Duration
        /// Zero: never.
        var sampleInterval: Duration
        /// What the address is expected to lead to; nil: either.
        var expectedRole: ServerRole?
        /// How long the first page waits for the listings: without the WAL directory it would be a poor first impression.
        var firstPage = Duration.seconds(1)
        /// How long who asks waits for a target that has come, or has moved, while the others were served.
        var newcomer = Duration.seconds(1)
    }

    /// What happened.
    enum Event: Sendable {
        /// The target is to be watched from now on, also when nobody asks.
        case start
        case asked(Caller)
        /// ``TargetState/alarm`` has come.
        case alarm
        /// The job that was begun has ended; whether the session is connected now.
        case ended(Ending, isConnected: Bool)
        /// The look at the filesystem has ended, whatever was seen.
        case looked
        /// There are other settings; see ``TargetState/changed(_:isMoved:mustLook:at:)``.
        case changed(Limits, isMoved: Bool, mustLook: Bool)
        case stop
    }

    /// What is to be done.
    enum Action: Sendable, Hashable {
        /// Begin this on the session. It ends by `until`, and that is told as ``Event/ended(_:isConnected:)``.
        case begin(Job, until: Instant)
        /// End the job that is under way, whatever that costs; its end is told as usual.
        case abandon
        /// Look at the filesystem, beside all else.
        case look
        case answer(Caller.ID, Answer)
        /// For the log: the target is down, for this reason.
        case tellDown(String)
        /// Close the session for good.
        case close
    }

    /// What is done on the session, one at a time.
    enum Job: Sendable, Hashable {
        /// Opens the connection, unless it is open, and reads which server is behind it.
        case connect
        /// Closes the connection, then opens a new one.
        case reconnect
        /// The one round trip of a collection.
        case collect
        /// Where the WAL ends now.
        case sample
        /// One statement.
        case list(Listing)
        /// Is the process still there that was left with a listing?
        case findFormer(pid: Int32)

        /// Done between collections, so that a collection may have to wait for it.
        var isOccasional: Bool {
            switch self {
            case .connect, .reconnect, .collect: false
            case .sample, .list, .findFormer: true
            }
        }
    }

    /// How a job ended.
    enum Ending: Sendable {
        /// - Parameters:
        ///   - pid: the process that serves the connection.
        ///   - waited: for a turn, which is no time of the server's.
        case connected(pid: Int32?, waited: Duration = .zero)
        case collected(Collected)
        /// The server's role or configuration changed meanwhile: what was answered is to be asked again.
        case changed
        /// A sample or a listing that succeeded.
        case done
        case found(isThere: Bool)
        /// - Parameter isLost: the connection broke, which a server does that is restarted.
        case failed(reason: String, isLost: Bool)
    }

    /// What a collection says of the server, as far as it decides anything.
    struct Collected: Sendable, Hashable {
        var identity: ServerIdentity
        var role: ServerRole
        /// The listings that this server can give.
        var listings: [CollectorName]
    }

    /// Somebody who wants a report.
    struct Caller: Sendable, Hashable {
        typealias ID = UInt64
        var id: ID
        /// When the wait began.
        var begin: Instant
        /// When it ends.
        var deadline: Instant
        /// How old a collection may be that is told at once; zero: it is to be made for this caller.
        var maximumAge = Duration.zero
        /// How old a collection may be that is told at the deadline, when the one under way has not ended.
        var tolerance: Duration
    }

    /// What a caller hears.
    enum Answer: Sendable, Hashable {
        /// The latest collection, which is as new as it was asked for.
        case collected
        /// The latest collection: the one that was to be waited for is still under way.
        case known
        /// The server failed.
        case down(reason: String, after: Duration)
        /// The caller did not wait long enough for anything to be known.
        case unanswered(reason: String)
    }

    var limits: Limits
    var chance: Chance
    var actions: [Action] = []
    var isStopped = false

    /// The process that serves the open connection.
    var connection: Connection?
    /// The job on the session. One that is obsolete is on the former session: nothing follows from how it ends.
    var busy: (job: Job, begun: Instant, isAbandoned: Bool, isObsolete: Bool)?
    var collection: Collection?
    var callers: [Caller] = []
    /// Nothing is known yet of where the connection leads now; what is remembered is of where it led before.
    var isMoved = false
    /// Until something is known, nobody waits longer than until then.
    var hurryUntil: Instant?
    /// Why the server failed when it was last asked; nil: it did not.
    var downReason: String?
    /// When a connection is opened that nobody waits for.
    var retryAt: Instant?
    var backoff = Backoff()

    /// When the collection began that succeeded last.
    var latestAt: Instant?
    var latestDuration = Duration.zero
    /// What was collected first waits for the listings until then.
    var heldUntil: Instant?

    var sampleDue: Instant?
    /// How long the quickest sample on this connection took.
    var quickestSample: Duration?
    var server: Collected?
    var listings: ListingSchedule
    /// A collection has ended, and the listings that are due follow.
    var isListingTime = false
    var isSeeded = false
    /// The process that was left with a listing that did not end: while it is there, no other is begun.
    var former: (pid: Int32, askedAfter: Backoff)?
    var lookDue: Instant?
    var isLooking = false

    /// A connection that is open, as far as is known.
    struct Connection: Sendable {
        var pid: Int32?
    }

    /// A collection that is wanted or under way.
    struct Collection: Sendable {
        var begin: Instant
        var end: Instant
        /// It began on a connection that had been open for a while: a broken one, or one to the wrong server, is replaced once.
        var mayConnectAgain: Bool
        var mustReconnect = false
        var changes = 0
    }

    /// How long a connection may wait for its turn. Others that hang shall not make it wait for ever, unseen.
    static let patience = Duration.seconds(60)

    /// The last attempt to connect, or the last collection, failed.
    var hasFailed: Bool { backoff.failures > 0 }

    /// - Parameters:
    ///   - seed: where chance comes from.
    ///   - arrival: when the target came, while others were being served; nil: with them.
    init(_ limits: Limits, seed: UInt64, arrival: Instant? = nil) {
        self.limits = limits
        hurryUntil = arrival.map { $0 + limits.newcomer }
        chance = Chance(seed)
        listings = ListingSchedule(interval: limits.directoryInterval)
    }

    /// Takes note of an event and says what is to be done now, in this order.
    mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .start:
            if collection == nil, !isStopped, downReason == nil { wantCollection(at: now) }
        case .asked(let caller): asked(caller, at: now)
        case .alarm: break
        case .ended(let ending, let isConnected): ended(ending, isConnected: isConnected, at: now)
        case .looked: isLooking = false
        case .changed(let limits, let isMoved, let mustLook): changed(limits, isMoved: isMoved, mustLook: mustLook, at: now)
        case .stop: stop()
        }
        if !isStopped { settle(at: now) }
        defer { actions = [] }
        return actions
    }

    /// When ``Event/alarm`` is to come, also if another event comes before; nil: there is nothing to wait for.
    var alarm: Instant? {
        guard !isStopped else { return nil }
        var next = callers.map(\.deadline).min()
        func consider(_ instant: Instant?) {
            if let instant { next = min(next ?? instant, instant) }
        }
        consider(heldUntil)
        if let busy {
            if collection != nil, busy.job.isOccasional, !busy.isAbandoned { consider(graceEnd) }
        } else if connection == nil {
            consider(retryAt)
        } else {
            consider(sampleDue)
            consider(nextListing)
        }
        return next
    }

    /// What follows from the state as it is now.
    private mutating func settle(at now: Instant) {
        dismissCallers(at: now)
        makeWay(at: now)
        if busy == nil, let (job, limit) = nextJob(at: now) {
            busy = (job, now, false, false)
            actions.append(.begin(job, until: limit))
        }
        releaseFirstPage(at: now)
    }

    private mutating func nextJob(at now: Instant) -> (Job, until: Instant)? {
        if collection != nil { return nextStep() }
        guard connection != nil else {
            guard let retryAt, now >= retryAt else { return nil }
            return (.connect, now + limits.timeout)
        }
        return nextOccasionalJob(at: now)
    }

    private mutating func ended(_ ending: Ending, isConnected: Bool, at now: Instant) {
        guard let (job, begun, _, isObsolete) = busy, !isStopped else { return }
        busy = nil
        guard !isObsolete else { return }
        let pid = connection?.pid
        if !isConnected { connection = nil }
        switch job {
        case .connect, .reconnect: connecting(ended: ending, at: now)
        case .collect: collecting(ended: ending, at: now)
        case .sample: sampled(in: now - begun, at: now)
        case .list(let listing): listed(listing, ending, pid: pid, at: now)
        case .findFormer: lookedForFormer(ending, at: now)
        }
        // Lost between two collections: found out before the next one, so that it need not wait for the connection to come back.
        if connection == nil, collection == nil, retryAt == nil { retryAt = now }
    }

    private mutating func stop() {
        guard !isStopped else { return }
        isStopped = true
        for caller in callers { actions.append(.answer(caller.id, Self.stopped)) }
        callers = []
        collection = nil
        if busy != nil { actions.append(.abandon) }
        actions.append(.close)
    }

    static let stopped = Answer.unanswered(reason: "no longer watched")
}
