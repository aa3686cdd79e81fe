import Synchronization

/// How large pages are, so that the next one need not be copied while it grows.
final class PageSize: Sendable {
    private let largest = Atomic<Int>(48 * 1024)

    /// A little more than the largest page so far.
    var expected: Int { largest.load(ordering: .relaxed) * 9 / 8 }

    func note(_ size: Int) {
        largest.max(size, ordering: .relaxed)
    }
}
