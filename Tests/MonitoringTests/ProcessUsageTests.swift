import MetricCatalog
import Testing

@testable import Monitoring

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct ProcessUsageTests {
    private let usage = ExporterReport.ProcessUsage.current()

    @Test("The CPU time is that of this process, and only grows")
    func cpuTime() throws {
        let before = try #require(usage.cpuSeconds)
        let limit = ContinuousClock.now + .seconds(20)
        var after = before
        while after <= before, ContinuousClock.now < limit { after = try #require(ExporterReport.ProcessUsage.current().cpuSeconds) }
        #expect(before > 0 && after > before && after < before + 3_600)
    }

    #if os(Linux)
        @Test("Memory, threads and file descriptors are plausible")
        func plausible() throws {
            let resident = try #require(usage.residentBytes)
            let virtual = try #require(usage.virtualBytes)
            #expect(resident > 1 << 20 && resident < virtual && virtual < 1 << 47)
            let threads = try #require(usage.threads)
            #expect((1...1_000).contains(threads))
            let open = try #require(usage.openFileDescriptors)
            let limit = try #require(usage.maxFileDescriptors)
            #expect(open >= 3 && open <= limit)
        }

        @Test("A descriptor that is opened is counted, one that is closed is not")
        func descriptors() throws {
            // Other tests open and close some, too: hundreds stand out.
            let before = try #require(ExporterReport.ProcessUsage.current().openFileDescriptors)
            let opened = (0..<300).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
            let during = try #require(ExporterReport.ProcessUsage.current().openFileDescriptors)
            for descriptor in opened { close(descriptor) }
            let after = try #require(ExporterReport.ProcessUsage.current().openFileDescriptors)
            #expect(during >= before + 200)
            #expect(after <= during - 200)
        }

        @Test("The process of these tests started before now and less than an hour ago, and that does not change")
        func start() throws {
            let start = try #require(usage.startTime)
            let now = WallClock.now()
            #expect(start > now - 3_600 && start <= now)
            let again = try #require(ExporterReport.ProcessUsage.current().startTime)
            #expect(abs(again - start) <= 1)
        }
    #endif
}
