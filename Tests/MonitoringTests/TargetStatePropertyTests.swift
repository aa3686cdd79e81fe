import Postgres
import ReplicationModel
import Testing

@testable import Monitoring

/// What holds whatever happens in whatever order: thousands of events by chance, with a server that is slow, hangs, restarts and is promoted.
struct TargetStatePropertyTests {
    @Test("One job at a time, one connection, every caller answered once and in time, nothing before its time, nothing after the stop")
    func anything() {
        for seed in UInt64(1)...300 {
            var world = World(seed: seed)
            for _ in 0..<200 { world.step() }
            world.finish()
            #expect(world.complaints.isEmpty, "seed \(seed): \(world.complaints.prefix(3))")
            guard world.complaints.isEmpty else { return }
        }
    }

    @Test("Much happens in these worlds")
    func coverage() {
        var answers: [String: Int] = [:]
        var jobs: [String: Int] = [:]
        var abandoned = 0
        var moves = 0
        for seed in UInt64(1)...60 {
            var world = World(seed: seed)
            for _ in 0..<200 { world.step() }
            for answer in world.heard.values.joined() { answers[String("\(answer)".prefix { $0 != "(" }), default: 0] += 1 }
            for job in world.begun { jobs[String("\(job)".prefix { $0 != "(" }), default: 0] += 1 }
            abandoned += world.abandoned
            moves += world.moves
        }
        #expect(["collected", "known", "down", "unanswered"].allSatisfy { answers[$0, default: 0] > 20 }, "\(answers)")
        #expect(["connect", "reconnect", "collect", "sample", "list", "findFormer"].allSatisfy { jobs[$0, default: 0] > 10 }, "\(jobs)")
        #expect(abandoned > 10)
        #expect(moves > 50)
    }
}

/// A server, a session and some callers around a state.
private struct World {
    private(set) var complaints: [String] = []
    private(set) var heard: [TargetState.Caller.ID: [TargetState.Answer]] = [:]
    private(set) var begun: [TargetState.Job] = []
    private(set) var abandoned = 0

    private var state: TargetState
    private var chance: Chance
    private var now = ContinuousClock.now
    private var underWay: (job: TargetState.Job, limit: ContinuousClock.Instant, endsAt: ContinuousClock.Instant)?
    private var isConnected = false
    private var isLooking = false
    private var isStopped = false
    private var lastCaller: TargetState.Caller.ID = 0
    private var deadlines: [TargetState.Caller.ID: ContinuousClock.Instant] = [:]
    private var listed: [Listing: ContinuousClock.Instant] = [:]
    private var serverStart = 1.0
    private var role = ServerRole.primary
    private var hasFailed = false
    private let interval: Duration

    init(seed: UInt64) {
        chance = Chance(seed)
        interval = .seconds(Int.random(in: 1...40, using: &chance))
        state = TargetState(
            .init(
                timeout: .milliseconds(Int.random(in: 100...5_000, using: &chance)),
                directoryInterval: interval,
                sampleInterval: Bool.random(using: &chance) ? .seconds(1) : .zero,
                expectedRole: Bool.random(using: &chance) ? .primary : nil
            ),
            seed: seed
        )
    }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &chance) {
        case 0..<2: send(.start)
        case 2..<25: ask()
        case 25..<27: serverStart += 1
        case 27..<29: role = role == .primary ? .standby : .primary
        case 40..<42: change(isMoved: false)
        case 42..<44: change(isMoved: true)
        case 29..<40 where isLooking:
            isLooking = false
            send(.looked)
        default: pass(.milliseconds([1, 20, 300, 1_000, 8_000].randomElement(using: &chance) ?? 1))
        }
    }

    private mutating func change(isMoved: Bool) {
        var limits = state.limits
        limits.timeout = .milliseconds(Int.random(in: 100...5_000, using: &chance))
        limits.sampleInterval = Bool.random(using: &chance) ? .seconds(1) : .zero
        limits.expectedRole = Bool.random(using: &chance) ? .primary : nil
        if isMoved {
            moves += 1
            isMoving = underWay != nil
            isConnected = false
            hasFailed = false
            listed = [:]
        }
        isChanging = isMoved
        send(.changed(limits, isMoved: isMoved, mustLook: false))
        isChanging = false
        if isMoved, !isMoving, underWay?.job != .connect { complain("moved, and not connecting but \(String(describing: underWay?.job))") }
    }

    /// The job under way is on a session that is left; told while that is being changed, it may be given up.
    private var isMoving = false
    private var isChanging = false
    private(set) var moves = 0

    mutating func finish() {
        pass(.seconds(30))
        ask()
        send(.stop)
        ask()
        pass(.seconds(60))
        if let alarm = state.alarm { complain("an alarm after the stop: \(alarm)") }
        for caller in deadlines.keys where heard[caller] == nil { complain("caller \(caller) was never answered") }
    }

    private mutating func ask() {
        lastCaller += 1
        let wait = Duration.milliseconds([0, 1, 50, 500, 1_500, 6_000].randomElement(using: &chance) ?? 0)
        deadlines[lastCaller] = now + wait
        let isCheck = Bool.random(using: &chance)
        let caller = TargetState.Caller(
            id: lastCaller,
            begin: now,
            deadline: now + wait,
            maximumAge: isCheck ? .seconds(1) : .zero,
            tolerance: isCheck ? .seconds(1) : .seconds(120)
        )
        send(.asked(caller))
    }

    /// Lets time pass, with the alarms and ends of jobs that come meanwhile.
    private mutating func pass(_ duration: Duration) {
        let end = now + duration
        while true {
            let next = [state.alarm, underWay?.endsAt].compactMap { $0 }.min()
            guard let next, next <= end else { break }
            now = max(now, next)
            if let underWay, underWay.endsAt <= now { finish(underWay.job) } else { send(.alarm) }
        }
        now = end
    }

    private mutating func finish(_ job: TargetState.Job) {
        let limit = underWay?.limit ?? now
        let isAbandoned = underWay?.endsAt != limit && abandonedJob
        abandonedJob = false
        underWay = nil
        if isMoving {
            isMoving = false
            isConnected = false
            send(
                .ended(
                    [StateDriver.timedOut, StateDriver.collected(), .done, .connected(pid: 9)].randomElement(using: &chance) ?? .done,
                    isConnected: false
                )
            )
            if underWay?.job != .connect, !isStopped { complain("moved, and not connecting but \(String(describing: underWay?.job))") }
            return
        }
        let fate = Int.random(in: 0..<10, using: &chance)
        let ending: TargetState.Ending
        if now >= limit || isAbandoned {
            isConnected = false
            ending = StateDriver.timedOut
        } else if fate == 0 {
            isConnected = false
            ending = StateDriver.lost
        } else if fate == 1 {
            ending = StateDriver.refused
        } else {
            ending = success(of: job)
        }
        if case .failed = ending, !job.isOccasional { hasFailed = true }
        if case .done = ending, case .list(let listing) = job { listed[listing] = now }
        send(.ended(ending, isConnected: isConnected))
        // Unless it led to the wrong server.
        if case .collected = ending, underWay?.job != .reconnect { hasFailed = false }
    }

    private var abandonedJob = false

    private mutating func success(of job: TargetState.Job) -> TargetState.Ending {
        switch job {
        case .connect, .reconnect:
            isConnected = true
            return .connected(pid: Int32.random(in: 1...5, using: &chance))
        case .collect:
            // Tells `hasFailed` when it is the third in a row.
            guard Int.random(in: 0..<10, using: &chance) > 0 else {
                hasFailed = true
                return .changed
            }
            return StateDriver.collected(start: serverStart, role: role)
        case .sample, .list: return .done
        case .findFormer: return .found(isThere: Bool.random(using: &chance))
        }
    }

    private mutating func send(_ event: TargetState.Event) {
        if case .stop = event { isStopped = true }
        let known = state.server
        let actions = state.handle(event, at: now)
        // Another server or role is listed at once.
        if state.server != known { listed = [:] }
        for action in actions { take(action) }
        for (caller, deadline) in deadlines where deadline <= now && heard[caller] == nil { complain("caller \(caller) waits beyond the deadline") }
    }

    private mutating func take(_ action: TargetState.Action) {
        switch action {
        case .begin(let job, let limit): begin(job, until: limit)
        case .abandon:
            guard let underWay else { return complain("nothing to abandon") }
            if !isStopped, !isChanging, !underWay.job.isOccasional { complain("abandoned \(underWay.job)") }
            abandoned += 1
            abandonedJob = true
            self.underWay?.endsAt = now
        case .look:
            if isLooking { complain("two looks") }
            if isStopped { complain("a look after the stop") }
            isLooking = true
        case .answer(let caller, let answer):
            heard[caller, default: []].append(answer)
            if heard[caller]?.count != 1 { complain("caller \(caller) was answered twice") }
            if case .down = answer, !hasFailed { complain("down, though the server did not fail") }
        case .tellDown: if !hasFailed { complain("told down, though the server did not fail") }
        case .close: if !isStopped { complain("closed before the stop") }
        }
    }

    private mutating func begin(_ job: TargetState.Job, until limit: ContinuousClock.Instant) {
        begun.append(job)
        if let underWay { complain("\(job) while \(underWay.job) is under way") }
        if isStopped { complain("\(job) after the stop") }
        switch job {
        case .connect: break
        case .reconnect: isConnected = false
        case .collect, .sample, .list, .findFormer: if !isConnected { complain("\(job) without a connection") }
        }
        if case .list(let listing) = job, let last = listed[listing], now < last + interval {
            complain("\(listing) again after \(now - last)")
        }
        // Some hang until their limit, or until they are given up.
        let hangs = Int.random(in: 0..<12, using: &chance) == 0
        let takes = Duration.milliseconds([0, 1, 20, 200].randomElement(using: &chance) ?? 1)
        underWay = (job, limit, hangs ? max(now, limit) : max(now, min(limit, now + takes)))
    }

    private mutating func complain(_ what: String) {
        complaints.append(what)
    }
}
