import CLibPQ

/// Counts what arrives at a socket that libpq reads.
struct ByteMeter {
    /// Where the kernel does not count: what was waiting each time before it was read, which may be a little less than what was read.
    private var seen = 0

    /// How many bytes have arrived so far. To be asked before each reading.
    mutating func total(of socket: Int32) -> Int {
        let arrived = pgwal_bytes_arrived(socket)
        guard arrived < 0 else { return Int(clamping: arrived) }
        seen += Int(pgwal_bytes_waiting(socket))
        return seen
    }
}
