import Testing
import TimeSupport

@testable import Monitoring

struct DeadlineWaitTests {
    @Test("A value that is there in time is returned, long before the deadline")
    func inTime() async {
        let watch = Stopwatch()
        #expect(await Task { 42 }.value(until: .now + .seconds(600)) == 42)
        #expect(watch.elapsed < .seconds(30))
    }

    @Test("Without a value there is nil at the deadline, and the task goes on for the others")
    func tooLate() async {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let task = Task {
            for await _ in gate { break }
            return 42
        }
        let (begin, watch) = (ContinuousClock.now, Stopwatch())
        #expect(await task.value(until: begin + .milliseconds(50)) == nil)
        #expect(ContinuousClock.now - begin >= .milliseconds(50))
        #expect(watch.elapsed < .seconds(30))
        #expect(!task.isCancelled)
        open.yield()
        #expect(await task.value == 42)
    }

    @Test("A deadline that has passed is no reason to hang")
    func passedDeadline() async {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let task = Task { for await _ in gate { break } }
        #expect(await task.value(until: .now - .seconds(1)) == nil)
        open.finish()
    }

    @Test("Many may wait for one task, each as long as it likes")
    func manyWaiters() async {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let task = Task {
            for await _ in gate { break }
            return "done"
        }
        let answers = await withTaskGroup { group in
            for index in 0..<20 {
                let deadline = ContinuousClock.now + (index.isMultiple(of: 2) ? .milliseconds(20) : .seconds(600))
                group.addTask { await task.value(until: deadline) }
            }
            var answers: [String?] = []
            for await answer in group {
                answers.append(answer)
                if answers.count == 10 { open.yield() }
            }
            return answers
        }
        #expect(answers.count { $0 == nil } == 10)
        #expect(answers.count { $0 == "done" } == 10)
    }
}
