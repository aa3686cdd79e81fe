import Foundation

/// The environment of a server whose wall clock is wrong by so many seconds (Debian's package libfaketime); to be given
/// to `primary` or `standby`. Its monotonic clock is left alone.
///
/// Until 15 the postmaster forks its walreceiver within a signal handler, mostly while libfaketime is told not to fake, and the child keeps
/// that: look at `last_msg_receipt_time` before relying on it.
package func environment(ofClockWrongBy seconds: Int) throws -> [String: String] {
    let parents = ((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []).map { "/usr/lib/\($0)/faketime" }
    guard let directory = parents.first(where: { FileManager.default.fileExists(atPath: "\($0)/libfaketime.so.1") }) else {
        throw SupportFailure("libfaketime is not installed; run scripts/install-debian-packages test")
    }
    return [
        "LD_PRELOAD": "\(directory)/libfaketime.so.1",
        "FAKETIME": seconds < 0 ? "\(seconds)s" : "+\(seconds)s",
        "DONT_FAKE_MONOTONIC": "1",
    ]
}
