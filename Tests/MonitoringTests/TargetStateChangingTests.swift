import Postgres
import ReplicationModel
import Testing

@testable import Monitoring

/// Other settings for a target that is being watched.
struct TargetStateChangingTests {
    @Test("Other limits begin nothing, and hold for what comes next")
    func limits() {
        var driver = StateDriver()
        driver.becomeUp()
        let actions = driver.change {
            $0.timeout = .seconds(2)
            $0.expectedRole = .standby
        }
        #expect(actions == [])
        #expect(driver.ask(within: .seconds(9)) == [.begin(.collect, until: driver.now + .seconds(2))])
        // Not the role that is expected now: where the address leads to is asked once more.
        #expect(StateDriver.jobs(in: driver.end(StateDriver.collected(role: .primary))) == [.reconnect])
    }

    @Test("Sampling begins, changes its pace, and ends")
    func sampling() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(60))
        #expect(!driver.jobs.contains(.sample))
        func samples(in duration: Duration) -> Int {
            let before = driver.jobs.count { $0 == .sample }
            let end = driver.now + duration
            while driver.now < end {
                driver.wait(.milliseconds(100))
                driver.finishListings()
            }
            return driver.jobs.count { $0 == .sample } - before
        }
        driver.change { $0.sampleInterval = .seconds(1) }
        #expect((9...11).contains(samples(in: .seconds(10))))
        driver.change { $0.sampleInterval = .seconds(5) }
        #expect((3...5).contains(samples(in: .seconds(20))))
        driver.change { $0.sampleInterval = .zero }
        #expect(samples(in: .seconds(20)) == 0)
    }

    @Test("Directories are listed as often as wanted now, also those that were listed at a long interval")
    func listings() {
        var driver = StateDriver(directoryInterval: .seconds(86_400))
        driver.becomeUp()
        driver.wait(.seconds(60))
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.collected())
        #expect(driver.job == nil)
        driver.change { $0.directoryInterval = .seconds(10) }
        driver.wait(.seconds(10))
        driver.ask(within: .seconds(6))
        let collected = driver.end(StateDriver.collected())
        #expect(collected.contains(.look))
        #expect(driver.job == .list(.directory(.walDirectory)))
    }

    @Test("Another directory is looked at with the next collection")
    func directory() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.ask(within: .seconds(6))
        #expect(!driver.end(StateDriver.collected()).contains(.look))
        driver.change(mustLook: true)
        driver.ask(within: .seconds(6))
        #expect(driver.end(StateDriver.collected()).contains(.look))
    }

    @Test("Moved while nothing is under way: connected and collected at once, though nobody asks")
    func movedWhileIdle() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(5))
        #expect(driver.change(isMoved: true) == [.begin(.connect, until: driver.now + .seconds(5))])
        let limit = driver.now + .seconds(5)
        #expect(driver.end(.connected(pid: 2), after: .milliseconds(20)) == [.begin(.collect, until: limit)])
        #expect(!driver.end(StateDriver.collected(start: 2)).contains { if case .tellDown = $0 { true } else { false } })
        #expect(driver.state.latestAt == limit - .seconds(5))
    }

    @Test("Moved while it is asked: what was under way is given up, how that ends means nothing, and who waited gets what the new server says")
    func movedWhileBusy() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(5))
        driver.ask(within: .seconds(6))
        #expect(driver.job == .collect)
        #expect(driver.change(isMoved: true) == [.abandon], "one job at a time")
        #expect(driver.change(isMoved: true) == [], "once")
        let limit = driver.now + .seconds(5)
        #expect(driver.end(StateDriver.timedOut, isConnected: false) == [.begin(.connect, until: limit)])
        driver.end(.connected(pid: 2))
        #expect(StateDriver.answers(in: driver.end(StateDriver.collected(start: 2))) == [.collected])
        #expect(!driver.actions.contains { if case .tellDown = $0 { true } else { false } })
    }

    @Test("An answer of the former server that came just before is not the new one's")
    func lateAnswer() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(5))
        driver.ask(within: .seconds(6))
        driver.change(isMoved: true)
        #expect(StateDriver.answers(in: driver.end(StateDriver.collected())) == [])
        #expect(driver.job == .connect)
    }

    @Test("A role check is not told of the former server, however lately that was asked")
    func roleCheck() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.ask(within: .seconds(1), maximumAge: .seconds(1), tolerance: .seconds(1))
        #expect(driver.answers == [.collected])
        driver.change(isMoved: true)
        driver.ask(within: .milliseconds(500), maximumAge: .seconds(1), tolerance: .seconds(1))
        driver.ask(within: .milliseconds(500))
        let unanswered = TargetState.Answer.unanswered(reason: "no answer within 500 ms")
        #expect(StateDriver.answers(in: driver.wait(.milliseconds(500))) == [unanswered, unanswered])
    }

    @Test("Nobody waits longer than a second for one that has moved to where nobody answers; then it is down, and up by itself")
    func movedToNowhere() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.ask(within: .seconds(9))
        driver.change(isMoved: true)
        driver.end(StateDriver.lost, isConnected: false)
        driver.ask(within: .seconds(9))
        #expect(StateDriver.answers(in: driver.wait(.milliseconds(999))) == [])
        #expect(StateDriver.answers(in: driver.wait(.milliseconds(1))).count == 2)
        #expect(StateDriver.answers(in: driver.ask(within: .seconds(9))).count == 1, "at once")
        let down = driver.end(StateDriver.timedOut, isConnected: false, after: .seconds(4))
        #expect(down.contains(.tellDown("query: no answer within the time limit")))
        #expect(StateDriver.answers(in: driver.ask(within: .seconds(9))) == [.down(reason: "query: no answer within the time limit", after: .zero)])
        driver.waitForJob()
        driver.end(.connected(pid: 2))
        driver.ask(within: .seconds(9))
        #expect(StateDriver.answers(in: driver.end(StateDriver.collected(start: 2), after: .seconds(3))) == [.collected], "the usual patience")
    }

    @Test("One that was down and is configured anew is tried at once")
    func movedWhileDown() {
        var driver = StateDriver()
        driver.send(.start)
        for _ in 0..<6 {
            driver.waitForJob()
            driver.end(StateDriver.refused, isConnected: false)
        }
        #expect(driver.job == nil && (driver.alarm ?? 0) > 1)
        #expect(StateDriver.jobs(in: driver.change(isMoved: true)) == [.connect])
        driver.ask(within: .seconds(9))
        driver.end(.connected(pid: 1))
        driver.end(StateDriver.collected())
        driver.finishListings()
        driver.send(.looked)
        #expect(driver.answers == [.collected])
    }

    @Test("Nobody waits longer than a second for one that comes while others are served; with them, as long as it takes")
    func newcomer() {
        var newcomer = StateDriver(isNewcomer: true)
        newcomer.send(.start)
        newcomer.ask(within: .seconds(9))
        #expect(StateDriver.answers(in: newcomer.wait(.seconds(1))) == [.unanswered(reason: "no answer within 1000 ms")])
        newcomer.end(.connected(pid: 1), after: .seconds(1))
        newcomer.end(StateDriver.collected())
        newcomer.wait(.seconds(1))
        newcomer.ask(within: .seconds(9))
        #expect(StateDriver.answers(in: newcomer.wait(.seconds(3))) == [], "once it is known, it is waited for")

        var first = StateDriver()
        first.send(.start)
        first.ask(within: .seconds(9))
        #expect(StateDriver.answers(in: first.wait(.seconds(4))) == [])
    }

    @Test("After the stop nothing changes any more")
    func stopped() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.send(.stop)
        #expect(driver.change(isMoved: true) == [])
        #expect(driver.state.alarm == nil)
    }
}
