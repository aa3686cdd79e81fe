import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Detached threads for what must not run on Swift's cooperative pool, because it waits or may hang.
package enum BackgroundThread {
    /// Enough for the loop and for libpq, OpenSSL and the name service; only touched pages cost memory.
    static let stackSize = 256 * 1024

    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Runs `body` on a new thread. False when the system refuses another thread; `body` is then never run.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        refusal(toStart: name, body) == nil
    }

    /// Runs `body` on a new thread. When the system refuses another thread, says so and never runs `body`: it may be tried again later.
    static func refusal(toStart name: String, _ body: @escaping @Sendable () -> Void) -> PostgresError? {
        let context = Unmanaged.passRetained(Body(name: name, run: body))
        let code = pgwal_start_thread(
            { context in
                guard let context else { return nil }
                let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                pgwal_name_this_thread(body.name)
                body.run()
                return nil
            },
            context.toOpaque(),
            stackSize
        )
        guard code == 0 else {
            context.release()
            return PostgresError(.outOfResources, "the system refuses another thread: \(String(cString: strerror(code)))")
        }
        return nil
    }
}
