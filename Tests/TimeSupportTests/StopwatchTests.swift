import Testing

@testable import TimeSupport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite(.serialized)
struct StopwatchTests {
    @Test("What is waited for counts")
    func waiting() async throws {
        let watch = Stopwatch()
        try await Task.sleep(for: .milliseconds(300))
        #expect(watch.elapsed + watch.late >= .milliseconds(300))
    }

    @Test("What all threads of the pool are busy with counts as the machine's lateness")
    func busy() async throws {
        let watch = Stopwatch()
        try await Task.sleep(for: .milliseconds(30))
        await withTaskGroup { group in
            for _ in 0..<(2 * sysconf(Int32(_SC_NPROCESSORS_ONLN))) { group.addTask { usleep(500_000) } }
        }
        #expect(watch.late > .milliseconds(300))
        #expect(watch.elapsed < .milliseconds(900))
    }

    @Test("A thread that sleeps takes no processor, one that computes does")
    func processor() {
        #expect(processorTime { usleep(200_000) } < .milliseconds(100))
        var sum = 0.0
        let took = processorTime { for number in 0..<3_000_000 { sum += Double(number).squareRoot() } }
        #expect(took > .milliseconds(1) && sum > 0)
    }
}
