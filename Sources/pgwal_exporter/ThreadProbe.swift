import Dispatch

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whether the system gives this process the threads that it needs. Libraries do not fail without them, they wait for ever.
enum ThreadProbe {
    /// The writers of the log and of the state file, the loops of PostgreSQL and HTTP, one that connects, one of libdispatch's own, and one
    /// for each processor that runs tasks.
    static var needed: Int { 6 + min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), 16) }

    /// Starts so many threads at once, and ends them.
    /// - Returns: how many there were before the system refused one.
    static func available(upTo count: Int) -> Int {
        let gate = DispatchSemaphore(value: 0)
        var threads: [pthread_t] = []
        let context = Unmanaged.passUnretained(gate)
        for _ in 0..<count {
            guard let thread = start(context.toOpaque()) else { break }
            threads.append(thread)
        }
        for _ in threads { gate.signal() }
        for thread in threads { pthread_join(thread, nil) }
        return withExtendedLifetime(gate) { threads.count }
    }

    private static func start(_ gate: UnsafeMutableRawPointer) -> pthread_t? {
        #if canImport(Darwin)
            var thread: pthread_t?
            let body: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { context in
                Unmanaged<DispatchSemaphore>.fromOpaque(context).takeUnretainedValue().wait()
                return nil
            }
            return pthread_create(&thread, nil, body, gate) == 0 ? thread : nil
        #else
            var thread = pthread_t()
            let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
                if let context { Unmanaged<DispatchSemaphore>.fromOpaque(context).takeUnretainedValue().wait() }
                return nil
            }
            return pthread_create(&thread, nil, body, gate) == 0 ? thread : nil
        #endif
    }
}
