import CLibPQ

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What is in this process's memory: passwords, among the rest.
package enum ProcessMemory {
    /// Keeps it out of core dumps, and from other processes of the same user, who else could read it by a debugger. What the process looks up of
    /// itself in /proc, it still finds.
    package static func keepPrivate() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        #if canImport(Darwin)
            setrlimit(RLIMIT_CORE, &none)
        #else
            setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        #endif
        pgwal_forbid_dumps()
    }
}
