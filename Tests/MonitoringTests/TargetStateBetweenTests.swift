import Postgres
import ReplicationModel
import Testing

@testable import Monitoring

/// Listings and samples, which give way to collections.
struct TargetStateBetweenTests {
    @Test("Listings follow a collection, one statement a turn, at an interval of their own; the past of the WAL once per server")
    func listings() {
        var driver = StateDriver()
        driver.becomeUp()
        let all: [TargetState.Job] = [.list(.directory(.walDirectory)), .list(.directory(.archiveStatus)), .list(.pastOfWAL)]
        #expect(driver.jobs == [.connect, .collect] + all)
        driver.wait(.seconds(29))
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.collected())
        #expect(driver.job == nil, "not before their time")
        driver.wait(.seconds(60))
        #expect(driver.job == nil, "not without a collection")
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.collected())
        driver.finishListings()
        #expect(driver.jobs.suffix(3) == [.collect] + Array(all.prefix(2)))
        // Another server: all at once.
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.lost, isConnected: false)
        driver.end(.connected(pid: 2))
        driver.end(StateDriver.collected(start: 2))
        driver.finishListings()
        #expect(driver.jobs.suffix(3) == all[...])
        // Another role: all but the past.
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.collected(start: 2, role: .standby))
        driver.finishListings()
        #expect(driver.jobs.suffix(3) == [.collect] + Array(all.prefix(2)))
    }

    @Test("Samples that take longer than they did come less often, and as often as before when they no longer do")
    func slowSamples() {
        var driver = StateDriver(sampleInterval: .seconds(1))
        driver.becomeUp()
        /// Seconds between two samples of which the first takes so long.
        func interval(of duration: Duration) -> Double {
            driver.waitForJob()
            #expect(driver.job == .sample)
            let begin = driver.time
            driver.end(.done, after: duration)
            driver.waitForJob()
            return driver.time - begin
        }
        func isNear(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 0.001 }
        // A long way to the server changes nothing.
        #expect(isNear(interval(of: .milliseconds(200)), 1) && isNear(interval(of: .milliseconds(300)), 1))
        #expect(isNear(interval(of: .milliseconds(700)), 2.7))
        #expect(isNear(interval(of: .milliseconds(200)), 1))
        // On another connection the way may be another one.
        driver.end(StateDriver.lost, isConnected: false)
        driver.end(.connected(pid: 2))
        #expect(isNear(interval(of: .milliseconds(700)), 1))
    }

    @Test("A scrape goes ahead of what is left of a listing")
    func scrapeFirst() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(31))
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.collected())
        #expect(driver.job == .list(.directory(.walDirectory)))
        driver.ask(within: .seconds(6))
        #expect(StateDriver.jobs(in: driver.end(.done)) == [.collect])
        #expect(StateDriver.jobs(in: driver.end(StateDriver.collected())) == [.list(.directory(.archiveStatus))])
    }

    @Test("A listing that hangs is given up for a scrape, which needs a new connection; the server is not down for it")
    func hangingListing() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(31))
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.collected())
        driver.wait(.seconds(2))
        driver.ask(within: .milliseconds(1500), maximumAge: .seconds(1), tolerance: .seconds(1))
        let limit = driver.now + .seconds(5)
        #expect(driver.wait(.milliseconds(499)).isEmpty)
        #expect(driver.wait(.milliseconds(1)) == [.abandon])
        #expect(driver.wait(.milliseconds(10)).isEmpty, "once")
        #expect(driver.end(StateDriver.timedOut, isConnected: false) == [.begin(.connect, until: limit)])
        driver.end(.connected(pid: 2), after: .milliseconds(20))
        let collected = driver.end(StateDriver.collected(), after: .milliseconds(20))
        #expect(StateDriver.answers(in: collected) == [.collected])
        #expect(!driver.actions.contains { if case .tellDown = $0 { true } else { false } })
        // The next listing: is the process still there that hung?
        #expect(driver.job == .findFormer(pid: 1))
    }

    @Test("While the process hangs that was left with a listing, no other is begun: never more than one of them")
    func formerProcess() {
        var driver = StateDriver()
        driver.becomeUp()
        driver.wait(.seconds(31))
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.collected())
        driver.end(StateDriver.timedOut, isConnected: false, after: .seconds(6))
        #expect(driver.job == .connect, "at once, for the next scrape")
        driver.end(.connected(pid: 2))
        var questions = 0
        while driver.time < 300 {
            if driver.job == .findFormer(pid: 1) {
                questions += 1
                driver.end(.found(isThere: true))
            }
            #expect(driver.job == nil)
            driver.wait(.seconds(1))
        }
        #expect(questions >= 8 && questions <= 25, "\(questions)")
        driver.waitForJob()
        driver.end(.found(isThere: false))
        #expect(driver.job == .list(.directory(.walDirectory)))
        driver.end(.done)
        #expect(driver.job == .list(.directory(.archiveStatus)))
    }

    @Test("What failed is due again soon, then less and less soon, and at most as seldom as all is listed; nobody has to ask for it")
    func failedListing() {
        var driver = StateDriver(directoryInterval: .seconds(86_400))
        driver.send(.start)
        driver.end(.connected(pid: 1))
        driver.end(StateDriver.collected(listings: [.walDirectory]))
        driver.send(.looked)
        var delays: [Double] = []
        for _ in 0..<20 {
            #expect(driver.job == .list(.directory(.walDirectory)))
            driver.end(StateDriver.refused)
            let before = driver.time
            driver.waitForJob()
            delays.append(driver.time - before)
        }
        #expect(delays[0] <= 2.1 && delays[1] <= 4.1, "\(delays)")
        #expect(delays[19] >= 43_000 && delays[19] <= 86_401, "\(delays)")
        driver.end(.done)
        #expect(driver.job == .list(.pastOfWAL))
        driver.end(StateDriver.refused)
        #expect(driver.alarm ?? 9 <= 2)
        driver.waitForJob()
        #expect(driver.job == .list(.pastOfWAL))
        driver.end(.done)
        driver.wait(.seconds(3600))
        #expect(driver.job == nil)
    }

    @Test("Samples come at their interval, between the listings, and never while a collection is under way")
    func samples() {
        var driver = StateDriver(sampleInterval: .seconds(1))
        driver.becomeUp()
        var times: [Double] = []
        while times.count < 5 {
            driver.waitForJob()
            #expect(driver.job == .sample)
            times.append(driver.time)
            driver.end(.done)
        }
        #expect(zip(times, times.dropFirst()).allSatisfy { abs($1 - $0 - 1) < 0.02 }, "\(times)")
        driver.ask(within: .seconds(6))
        #expect(driver.wait(.seconds(3)).isEmpty)
        #expect(StateDriver.jobs(in: driver.end(StateDriver.collected())) == [.sample])
        // What was missed is not made up for.
        driver.end(.done)
        #expect(driver.job == nil)
        #expect(driver.alarm ?? 0 > 0.9)
    }

    @Test("A sample that hangs is given up for a scrape: a new connection tells whether it was the connection alone")
    func hangingSample() {
        var driver = StateDriver(sampleInterval: .seconds(1))
        driver.becomeUp()
        driver.waitForJob()
        driver.ask(within: .seconds(6))
        #expect(driver.wait(.milliseconds(600)).contains(.abandon))
        #expect(StateDriver.jobs(in: driver.end(StateDriver.timedOut, isConnected: false)) == [.connect])
    }

    @Test("A slow way to the server is no reason to give up what is under way")
    func slowNetwork() {
        var driver = StateDriver(sampleInterval: .seconds(1))
        driver.send(.start)
        driver.end(.connected(pid: 1), after: .milliseconds(900))
        driver.end(StateDriver.collected(listings: []), after: .milliseconds(700))
        driver.send(.looked)
        driver.waitForJob()
        driver.ask(within: .seconds(6))
        #expect(!driver.end(.done, after: .milliseconds(700)).contains(.abandon))
        #expect(driver.job == .collect)
    }

    @Test("A connection that a sample finds broken is opened again at once, and a scrape that comes meanwhile waits for it")
    func brokenConnection() {
        var driver = StateDriver(sampleInterval: .seconds(1))
        driver.becomeUp()
        driver.waitForJob()
        #expect(StateDriver.jobs(in: driver.end(StateDriver.lost, isConnected: false)) == [.connect])
        #expect(driver.ask(within: .seconds(6)).isEmpty)
        driver.end(.connected(pid: 2))
        #expect(driver.job == .collect)
        // Without a caller, and without a server: down.
        var alone = StateDriver(sampleInterval: .seconds(1))
        alone.becomeUp()
        alone.waitForJob()
        alone.end(StateDriver.lost, isConnected: false)
        #expect(alone.end(StateDriver.refused, isConnected: false) == [.tellDown("server refused")])
        #expect(alone.alarm ?? 9 <= 0.25)
    }

    @Test("The filesystem is looked at beside all else, once at a time; one that hangs costs nothing")
    func filesystem() {
        var driver = StateDriver()
        driver.ask(within: .seconds(6))
        driver.end(.connected(pid: 1))
        driver.end(StateDriver.collected())
        driver.finishListings()
        driver.wait(.seconds(1))
        #expect(driver.answers == [.collected])
        driver.wait(.seconds(60))
        driver.ask(within: .seconds(6))
        driver.end(StateDriver.collected())
        driver.finishListings()
        #expect(driver.answers == [.collected, .collected])
        #expect(driver.actions.count { $0 == .look } == 1)
        driver.send(.looked)
        driver.ask(within: .seconds(6))
        #expect(driver.end(StateDriver.collected()).contains(.look))
    }
}
