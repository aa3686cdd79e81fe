/// Deadlines in the order in which they come: a binary heap. What has ended otherwise stays in it until it comes up, or until most are such.
struct DeadlineHeap {
    /// A deadline of a wait. One wait has one number, so that a later wait of the same name is not ended by it.
    struct Entry {
        let deadline: ContinuousClock.Instant
        let id: UInt64
        let number: UInt64
    }

    private var entries: [Entry] = []

    var first: Entry? { entries.first }
    var count: Int { entries.count }

    mutating func add(_ entry: Entry) {
        entries.append(entry)
        var index = entries.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard entries[index].deadline < entries[parent].deadline else { return }
            entries.swapAt(index, parent)
            index = parent
        }
    }

    mutating func removeFirst() {
        let last = entries.removeLast()
        guard !entries.isEmpty else { return }
        entries[0] = last
        sink(0)
    }

    /// Keeps what `isWanted` says.
    mutating func filter(_ isWanted: (Entry) -> Bool) {
        entries.removeAll { !isWanted($0) }
        for index in (0..<entries.count / 2).reversed() {
            sink(index)
        }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < entries.count && entries[child].deadline < entries[least].deadline {
                least = child
            }
            guard least != index else { return }
            entries.swapAt(index, least)
            index = least
        }
    }
}
