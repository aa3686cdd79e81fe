import Postgres
import ReplicationModel
import Testing

@testable import Monitoring

private typealias State = TargetState

/// Collections, and those who wait for them.
struct TargetStateTests {
    @Test("The start connects and collects, though nobody asks")
    func start() {
        var driver = StateDriver()
        #expect(driver.send(.start) == [.begin(.connect, until: driver.now + .seconds(5))])
        let limit = driver.now + .seconds(5)
        #expect(driver.end(.connected(pid: 7), after: .milliseconds(20)) == [.begin(.collect, until: limit)])
        driver.end(StateDriver.collected(), after: .milliseconds(20))
        #expect(driver.answers.isEmpty && driver.job == .list(.directory(.walDirectory)))
    }

    @Test("The wait for a turn to connect is no time of the server's")
    func waitForTurn() {
        var driver = StateDriver()
        driver.send(.start)
        let begin = driver.now
        // Who asks does not wait longer for it than he can.
        driver.ask(within: .seconds(6))
        driver.wait(.seconds(7))
        #expect(driver.answers == [.unanswered(reason: "no answer within 6000 ms")])
        let connected = driver.end(.connected(pid: 7, waited: .seconds(8)), after: .seconds(2))
        #expect(connected == [.begin(.collect, until: begin + .seconds(13))])
        driver.end(StateDriver.collected(), after: .milliseconds(20))
        #expect(driver.state.latestDuration == .milliseconds(1020) && driver.state.downReason == nil)
    }

    @Test("The first page waits for the listings and the filesystem, a second at most")
    func firstPage() {
        var driver = StateDriver()
        driver.ask(within: .seconds(6))
        driver.end(.connected(pid: 1))
        #expect(driver.end(StateDriver.collected()) == [.look, .begin(.list(.directory(.walDirectory)), until: driver.now + .seconds(6))])
        // Who comes meanwhile waits with the first one.
        driver.ask(within: .seconds(6))
        driver.finishListings()
        #expect(driver.answers.isEmpty)
        driver.send(.looked)
        #expect(driver.answers == [.collected, .collected])

        var slow = StateDriver()
        slow.ask(within: .seconds(6))
        slow.end(.connected(pid: 1))
        slow.end(StateDriver.collected())
        slow.wait(.milliseconds(999))
        #expect(slow.answers.isEmpty)
        slow.wait(.milliseconds(1))
        #expect(slow.answers == [.collected])
        #expect(slow.job == .list(.directory(.walDirectory)), "the listing goes on")

        var hasty = StateDriver()
        hasty.ask(within: .milliseconds(100))
        hasty.end(.connected(pid: 1))
        hasty.end(StateDriver.collected())
        hasty.wait(.milliseconds(100))
        #expect(hasty.answers == [.collected])
    }

    @Test("On an open connection a collection is one round trip, which all who ask meanwhile share")
    func shared() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(1))
        #expect(driver.ask(within: .seconds(6)) == [.begin(.collect, until: driver.now + .seconds(5))])
        #expect(driver.ask(within: .seconds(3)) == [])
        #expect(StateDriver.answers(in: driver.end(StateDriver.collected(), after: .milliseconds(3))) == [.collected, .collected])
        #expect(driver.state.latestDuration == .milliseconds(3))
    }

    @Test("A caller that has no time hears what was known, and the others' collection and connection are none the worse")
    func impatience() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(15))
        driver.ask(within: .microseconds(500))
        driver.ask(within: .seconds(6))
        let left = driver.wait(.milliseconds(1))
        #expect(StateDriver.answers(in: left) == [.known])
        #expect(!left.contains(.abandon))
        #expect(driver.job == .collect)
        #expect(StateDriver.answers(in: driver.end(StateDriver.collected(), after: .milliseconds(60))) == [.collected])
        #expect(driver.jobs.count { $0 == .connect } == 1)
    }

    @Test("A deadline that has passed is answered at once, and still a collection is begun for the next one")
    func passedDeadline() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(1))
        #expect(driver.ask(within: .zero) == [.answer(1, .known), .begin(.collect, until: driver.now + .seconds(5))])
    }

    @Test("Without an answer of the server yet, who has no time hears neither up nor down")
    func unanswered() {
        var driver = StateDriver()
        driver.ask(within: .milliseconds(50))
        driver.wait(.milliseconds(50))
        #expect(driver.answers == [.unanswered(reason: "no answer within 50 ms")])
        driver.end(.connected(pid: 1), after: .milliseconds(10))
        driver.end(StateDriver.collected(), after: .milliseconds(60))
        driver.finishListings()
        driver.send(.looked)
        driver.wait(.seconds(15))
        driver.ask(within: .milliseconds(50))
        driver.wait(.milliseconds(50))
        #expect(driver.answers.last == .known)
    }

    @Test("What was known too long ago is not told any more")
    func tooOld() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(121))
        driver.ask(within: .milliseconds(50))
        driver.wait(.milliseconds(50))
        #expect(driver.answers == [.unanswered(reason: "no answer within 50 ms")])
    }

    @Test("A check may be told what was collected a moment ago, and nothing older when the server hangs")
    func check() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.milliseconds(800))
        #expect(driver.ask(within: .milliseconds(1500), maximumAge: .seconds(1), tolerance: .seconds(1)) == [.answer(1, .collected)])
        driver.wait(.milliseconds(300))
        driver.ask(within: .milliseconds(1500), maximumAge: .seconds(1), tolerance: .seconds(1))
        #expect(driver.job == .collect)
        driver.wait(.milliseconds(1500))
        #expect(driver.answers.last == .unanswered(reason: "no answer within 1500 ms"))
    }

    @Test("A server that does not answer within the collection's limit is down for all who wait, and at once for who comes then")
    func down() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.ask(within: .seconds(6))
        driver.ask(within: .seconds(2))
        driver.wait(.seconds(2))
        #expect(driver.answers == [.known], "it has not failed yet")
        let failed = driver.end(StateDriver.timedOut, isConnected: false, after: .seconds(3))
        let reason = "query: no answer within the time limit"
        #expect(StateDriver.answers(in: failed) == [.down(reason: reason, after: .seconds(5))])
        #expect(failed.contains(.tellDown(reason)))
        #expect(StateDriver.answers(in: driver.ask(within: .seconds(6))) == [.down(reason: reason, after: .zero)])
        #expect(StateDriver.answers(in: driver.ask(within: .seconds(6), maximumAge: .seconds(60))) == [.down(reason: reason, after: .zero)])
        #expect(driver.job == nil)
    }

    @Test("A target that is down is tried again outside the scrapes, less and less often")
    func retries() {
        var driver = StateDriver()
        driver.send(.start)
        driver.end(StateDriver.refused, isConnected: false)
        var delays: [Double] = []
        for _ in 0..<12 {
            let before = driver.time
            driver.waitForJob()
            #expect(driver.job == .connect)
            delays.append(driver.time - before)
            #expect(StateDriver.answers(in: driver.ask(within: .seconds(1))) == [.down(reason: "server refused", after: .zero)])
            driver.end(StateDriver.refused, isConnected: false)
        }
        #expect(delays[0] <= 0.26 && delays[0] >= 0.12)
        #expect(delays.dropFirst(7).allSatisfy { $0 >= 4.9 && $0 <= 10.1 }, "\(delays)")
        // It comes back.
        driver.waitForJob()
        driver.end(.connected(pid: 2))
        #expect(driver.job == nil, "the next scrape collects")
        driver.ask(within: .seconds(5))
        #expect(driver.job == .collect)
        driver.end(StateDriver.collected())
        driver.finishListings()
        driver.send(.looked)
        #expect(driver.answers.last == .collected)
        // The delays begin anew.
        driver.ask(within: .seconds(5))
        driver.end(StateDriver.timedOut, isConnected: false)
        #expect(driver.alarm ?? 9 <= 0.25)
    }

    @Test("Who has no time while a server that was down is asked again hears that it was down")
    func stillDown() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.timedOut, isConnected: false)
        driver.wait(.seconds(1))
        driver.end(.connected(pid: 2))
        driver.ask(within: .milliseconds(10))
        driver.wait(.milliseconds(10))
        #expect(driver.answers.last == .down(reason: "query: no answer within the time limit", after: .zero))
    }

    @Test("A connection that was lost between two scrapes is opened again within the second one, once")
    func lostConnection() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.ask(within: .seconds(6))
        let limit = driver.now + .seconds(5)
        #expect(driver.end(StateDriver.lost, isConnected: false) == [.begin(.connect, until: limit)])
        #expect(driver.end(.connected(pid: 2)) == [.begin(.collect, until: limit)])
        let failed = driver.end(StateDriver.lost, isConnected: false)
        #expect(StateDriver.answers(in: failed) == [.down(reason: "the connection was lost", after: .zero)])
    }

    @Test("Not the expected role: a new connection tells where the address leads now, once")
    func expectedRole() {
        var driver = StateDriver(expectedRole: .primary)
        driver.becomeUp()
        driver.ask(within: .seconds(6))
        #expect(StateDriver.jobs(in: driver.end(StateDriver.collected(role: .standby))) == [.reconnect])
        driver.end(.connected(pid: 2))
        #expect(driver.job == .collect)
        #expect(StateDriver.answers(in: driver.end(StateDriver.collected(role: .standby))) == [.collected])
        // On a connection made for the collection it is as it is.
        var fresh = StateDriver(expectedRole: .primary)
        fresh.ask(within: .seconds(6))
        fresh.end(.connected(pid: 1))
        #expect(!StateDriver.jobs(in: fresh.end(StateDriver.collected(role: .standby))).contains(.reconnect))
    }

    @Test("Role or configuration that changed meanwhile are asked for again, three times at most")
    func changes() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.ask(within: .seconds(6))
        #expect(StateDriver.jobs(in: driver.end(.changed)) == [.collect])
        #expect(StateDriver.jobs(in: driver.end(.changed)) == [.collect])
        let failed = driver.end(.changed)
        #expect(
            StateDriver.answers(in: failed) == [.down(reason: "the server's role or configuration changes faster than it can be read", after: .zero)]
        )
    }

    @Test("After the stop nothing is done but to answer")
    func stop() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.ask(within: .seconds(6))
        #expect(driver.send(.stop) == [.answer(1, State.stopped), .abandon, .close])
        #expect(driver.end(StateDriver.timedOut, isConnected: false).isEmpty)
        #expect(driver.ask(within: .seconds(6)) == [.answer(2, State.stopped)])
        #expect(driver.send(.looked).isEmpty && driver.send(.alarm).isEmpty && driver.send(.stop).isEmpty)
        #expect(driver.alarm == nil)
    }
}
