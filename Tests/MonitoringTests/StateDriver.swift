import Postgres
import ReplicationModel

@testable import Monitoring

/// A ``TargetState`` with a clock that is moved by hand, and what it has asked for.
struct StateDriver {
    private(set) var state: TargetState
    private(set) var now = ContinuousClock.now
    /// All actions, from the first event on.
    private(set) var actions: [TargetState.Action] = []
    private var lastCaller: TargetState.Caller.ID = 0
    private let origin: ContinuousClock.Instant

    init(
        timeout: Duration = .seconds(5),
        directoryInterval: Duration = .seconds(30),
        sampleInterval: Duration = .zero,
        expectedRole: ServerRole? = nil,
        isNewcomer: Bool = false
    ) {
        origin = now
        state = TargetState(
            .init(timeout: timeout, directoryInterval: directoryInterval, sampleInterval: sampleInterval, expectedRole: expectedRole),
            seed: 42,
            arrival: isNewcomer ? now : nil
        )
    }

    /// Tells of other limits, or of another session.
    @discardableResult
    mutating func change(isMoved: Bool = false, mustLook: Bool = false, _ edit: (inout TargetState.Limits) -> Void = { _ in }) -> [TargetState.Action]
    {
        var limits = state.limits
        edit(&limits)
        return send(.changed(limits, isMoved: isMoved, mustLook: mustLook))
    }

    /// Seconds since the start.
    var time: Double { (now - origin) / .seconds(1) }

    /// Seconds from now to the alarm that is wanted.
    var alarm: Double? { state.alarm.map { ($0 - now) / .seconds(1) } }

    /// The job on the session, as a test sees it.
    private(set) var job: TargetState.Job?

    @discardableResult
    mutating func send(_ event: TargetState.Event) -> [TargetState.Action] {
        let new = state.handle(event, at: now)
        for case .begin(let job, _) in new { self.job = job }
        actions += new
        return new
    }

    /// Moves the clock, with every alarm that comes meanwhile.
    @discardableResult
    mutating func wait(_ duration: Duration) -> [TargetState.Action] {
        let end = now + duration
        var new: [TargetState.Action] = []
        while let alarm = state.alarm, alarm <= end {
            now = max(alarm, now)
            let actions = send(.alarm)
            new += actions
            // An alarm that changes nothing would come again at once.
            precondition(!actions.isEmpty || state.alarm.map { $0 > now } ?? true, "an alarm for nothing")
        }
        now = end
        return new
    }

    /// Moves the clock until there is a job on the session, as long as there is an alarm to come.
    mutating func waitForJob() {
        while job == nil, let alarm = state.alarm { wait(alarm - now) }
    }

    @discardableResult
    mutating func ask(within duration: Duration, maximumAge: Duration = .zero, tolerance: Duration = .seconds(120)) -> [TargetState.Action] {
        lastCaller += 1
        return send(
            .asked(.init(id: lastCaller, begin: now, deadline: now + duration, maximumAge: maximumAge, tolerance: tolerance))
        )
    }

    @discardableResult
    mutating func end(_ ending: TargetState.Ending, isConnected: Bool = true, after duration: Duration = .zero) -> [TargetState.Action] {
        let waited = duration > .zero ? wait(duration) : []
        job = nil
        return waited + send(.ended(ending, isConnected: isConnected))
    }

    // MARK: - Shortcuts

    /// What a healthy server tells.
    static func collected(
        start: Double = 1,
        role: ServerRole = .primary,
        listings: [CollectorName] = [.walDirectory, .archiveStatus]
    ) -> TargetState.Ending {
        let identity = ServerIdentity(
            versionNumber: 150_018,
            version: "15.18",
            systemIdentifier: "7711412811195800757",
            clusterName: "",
            address: nil,
            postmasterStart: start,
            walSegmentBytes: 16 << 20
        )
        return .collected(.init(identity: identity, role: role, listings: listings))
    }

    static let timedOut = TargetState.Ending.failed(reason: "query: no answer within the time limit", isLost: false)
    static let lost = TargetState.Ending.failed(reason: "the connection was lost", isLost: true)
    static let refused = TargetState.Ending.failed(reason: "server refused", isLost: false)

    /// Up, with all that was due listed, and nothing left to do.
    mutating func becomeUp(listings: [CollectorName] = [.walDirectory, .archiveStatus]) {
        send(.start)
        end(.connected(pid: 1))
        end(Self.collected(listings: listings))
        finishListings()
        send(.looked)
    }

    /// Lets what is listed or sampled now succeed until there is nothing left.
    mutating func finishListings() {
        while let job, job.isOccasional { end(.done) }
    }

    /// What the callers have heard, in order.
    var answers: [TargetState.Answer] { Self.answers(in: actions) }

    static func answers(in actions: [TargetState.Action]) -> [TargetState.Answer] {
        actions.compactMap { action in
            if case .answer(_, let answer) = action { answer } else { nil }
        }
    }

    /// The jobs that were begun, in order.
    var jobs: [TargetState.Job] { Self.jobs(in: actions) }

    static func jobs(in actions: [TargetState.Action]) -> [TargetState.Job] {
        actions.compactMap { action in
            if case .begin(let job, _) = action { job } else { nil }
        }
    }
}
