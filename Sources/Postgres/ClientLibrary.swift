import CLibPQ

/// The libpq that is linked.
package enum ClientLibrary {
    /// For example `15.18`.
    package static var version: String {
        ServerVersion(number: Int(PQlibVersion())).description
    }

    /// Keeps the C library's allocator to one arena; to be called before the first connection.
    ///
    /// glibc gives every new thread an arena of its own, and hardly ever gives it back. Connecting takes a short-lived thread, so with
    /// hundreds of targets that would be most of the exporter's memory; its threads do not compete for the allocator.
    package static func limitMemoryArenas() {
        pgwal_limit_malloc_arenas()
    }

    /// Gives memory that the C library's allocator holds free back to the system. Takes milliseconds: for after a burst.
    package static func trimMemory() {
        pgwal_trim_malloc()
    }
}
