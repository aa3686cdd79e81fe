/// What keeps the segments in pg_wal: the parts of the directory, who holds the oldest one, and what is freed when that one goes.
///
/// Pure: made from what one snapshot holds, and as old as its listing of pg_wal. A reason that is not known makes all of it unknown, for it might be
/// the one that keeps most.
package struct WALRetention: Sendable, Hashable {
    /// What asks PostgreSQL to keep WAL.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// Crash recovery begins at the last checkpoint (standby: restartpoint).
        case checkpoint
        /// `wal_keep_size`
        case walKeepSize = "wal_keep_size"
        /// The `restart_lsn` of slots.
        case slots
        /// The WAL summarizer (17+ with `summarize_wal`).
        case summarizer
        /// Segments that wait for the archive, each by itself.
        case archiver
    }

    /// A reason, or one slot of many, and what it asks for.
    package struct Holder: Sendable, Hashable {
        package var reason: Reason
        /// The slot's name; nil for any other reason.
        package var slot: String?
        /// What is in pg_wal from the oldest segment that it asks for to the end of WAL; of the archiver, the segments that wait.
        package var bytes: Int64
        /// Number of the oldest segment that it asks for.
        fileprivate var oldest: Int64
    }

    /// All files in pg_wal.
    package var directoryBytes: Int64
    /// For each reason that there is on this server what it alone asks to keep, of what is there.
    package var kept: [Reason: Int64]
    /// Who asks for the oldest segment.
    package var keeper: Holder
    /// Who keeps most when the keeper has gone and a checkpoint has passed.
    package var next: Holder
    /// What the next checkpoint frees in addition when the keeper has gone by then: removed, or renamed for WAL to come. On a standby the next
    /// restartpoint of a checkpoint that the primary has yet to begin.
    package var releasableBytes: Int64
    /// Older than every reason, so the next checkpoint frees it.
    package var removableBytes: Int64
    /// Segments ahead of the end: recycled or preallocated, no WAL in them.
    package var aheadBytes: Int64
    /// Files that are no segments: `.partial`, `.history`, `.backup`, temporary ones, strangers.
    package var unexplainedBytes: Int64
    /// Segments of timelines before the newest one. They are part of the others' sums, and go as those do.
    package var formerTimelineBytes: Int64
    /// Slots past `max_slot_wal_keep_size`: the next checkpoint invalidates them, so they keep nothing any more.
    package var doomedSlots: [String]
    /// Segments are missing between those that are there: what is freed is at least what is told.
    package var isLowerBound: Bool

    /// WAL up to the end: what is kept and what goes at the next checkpoint.
    package var walBytes: Int64 { directoryBytes -| aheadBytes -| unexplainedBytes }

    /// - Returns: nil where a fact is missing: the listing, the control file, slots, settings, the archiver's or the summarizer's state.
    package init?(_ snapshot: ServerSnapshot) {
        guard let directory = snapshot.walDirectory, let stretches = directory.stretches, let end = directory.end,
            let files = Files(stretches, end: end, of: directory.segments -| directory.recycledSegments, snapshot.identity.walSegmentBytes),
            let reasons = Reasons(snapshot, redo: directory.redo, files)
        else { return nil }
        let size = files.size
        let holders = reasons.holders
        guard let keeper = holders.min(by: Self.isOlder) else { return nil }
        // What remains when the keeper has gone: a checkpoint has passed then, so that one asks for the present segment alone.
        var remaining = holders.filter { $0 != keeper && $0.reason != .checkpoint }
        remaining.append(files.holder(.checkpoint, from: files.now))
        let next = remaining.min(by: Self.isOlder) ?? keeper
        let floor = reasons.floor(of: holders), later = reasons.floor(of: remaining)
        let removable = files.count(before: floor) -| reasons.ready(before: floor)
        let freed = files.count(before: later) -| (keeper.reason == .archiver ? 0 : reasons.ready(before: later))

        directoryBytes = directory.bytes
        kept = Dictionary(holders.map { ($0.reason, $0.bytes) }, uniquingKeysWith: max)
        for reason in reasons.idle { kept[reason] = 0 }
        self.keeper = keeper
        self.next = next
        removableBytes = max(removable, 0) *| size
        releasableBytes = max(freed -| max(removable, 0), 0) *| size
        aheadBytes = directory.recycledSegments *| size
        unexplainedBytes = max(directory.bytes -| directory.segments *| size, 0)
        let newest = stretches.compactMap(\.timeline).max()
        formerTimelineBytes = stretches.filter { $0.timeline != newest }.reduce(0) { $0 +| $1.segments } *| size
        doomedSlots = reasons.doomed
        isLowerBound = files.isLowerBound
    }

    /// Of those that ask for the same segment, the one that is there anyway comes first: a slot is named only where it keeps more.
    private static func isOlder(_ one: Holder, _ other: Holder) -> Bool {
        if one.oldest != other.oldest { return one.oldest < other.oldest }
        if one.reason != other.reason { return one.reason.rank < other.reason.rank }
        return one.slot ?? "" < other.slot ?? ""
    }
}

extension WALRetention.Reason {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension WALRetention {
    /// The segments up to the end of WAL.
    private struct Files {
        /// Bytes of a segment.
        let size: Int64
        /// Number of the segment that is written now.
        let now: Int64
        let stretches: [SegmentStretch]
        /// Number of the oldest one.
        let first: Int64
        let count: Int64
        let isLowerBound: Bool

        init?(_ stretches: [SegmentStretch], end: LSN, of count: Int64, _ size: Int64) {
            guard size > 0, let now = end.bytes.divided(by: size), let start = stretches.map(\.first).min() else { return nil }
            let first = start.bytes / size
            self.size = size
            self.now = now
            self.stretches = stretches
            self.first = first
            self.count = count
            isLowerBound =
                stretches.reduce(0) { $0 +| $1.segments } != count
                || stretches.contains { ($0.last.bytes -| $0.first.bytes) / size +| 1 != $0.segments }
        }

        /// How many segments have a lower number.
        func count(before number: Int64) -> Int64 {
            guard number > first else { return 0 }
            return stretches.reduce(0) { $0 +| $1.count(in: first..<number, segmentBytes: size).atLeast }
        }

        func holder(_ reason: Reason, from oldest: Int64, slot: String? = nil) -> Holder {
            let oldest = min(max(oldest, first), now)
            return Holder(reason: reason, slot: slot, bytes: (count -| count(before: oldest)) *| size, oldest: oldest)
        }
    }

    /// All that ask for WAL.
    private struct Reasons {
        var holders: [Holder] = []
        /// There, and asking for nothing.
        var idle: [Reason] = []
        var doomed: [String] = []
        private let files: Files
        private var waiting: SegmentStretch?

        init?(_ snapshot: ServerSnapshot, redo: LSN?, _ files: Files) {
            self.files = files
            guard let redo, let settings = snapshot.settings, let keep = settings.walKeepSizeBytes, let slots = snapshot.slots else { return nil }
            holders = [files.holder(.checkpoint, from: redo.bytes / files.size)]
            if keep / files.size > 0 {
                holders.append(files.holder(.walKeepSize, from: files.now -| keep / files.size))
            } else {
                idle.append(.walKeepSize)
            }
            switch settings.summarizesWAL {
            case true?:
                guard let summarized = snapshot.walSummarizer?.summarized else { return nil }
                holders.append(files.holder(.summarizer, from: summarized.bytes / files.size))
            case false?: idle.append(.summarizer)
            case nil: if snapshot.identity.majorVersion >= 17 { return nil }
            }
            guard addArchiver(snapshot, settings.archiveMode) else { return nil }
            add(slots, limit: settings.maxSlotWALKeepSizeBytes)
        }

        /// - Returns: whether it is known what waits.
        private mutating func addArchiver(_ snapshot: ServerSnapshot, _ mode: String?) -> Bool {
            guard let mode else { return false }
            guard mode == "always" || mode == "on" && snapshot.role == .primary else { return true }
            guard let status = snapshot.archiveStatus else { return false }
            idle.append(.archiver)
            guard let ready = status.readySegments, ready.first.bytes / files.size <= files.now else { return true }
            waiting = ready
            let oldest = max(ready.first.bytes / files.size, files.first)
            let count = ready.count(in: files.first..<files.now +| 1, segmentBytes: files.size).atMost
            guard count > 0 else { return true }
            holders.append(Holder(reason: .archiver, slot: nil, bytes: count *| files.size, oldest: oldest))
            idle.removeAll { $0 == .archiver }
            return true
        }

        /// There may be a thousand slots: only the two that ask for most matter.
        private mutating func add(_ slots: [Slot], limit: Int64?) {
            // Past the limit a slot keeps nothing more than the limit, and is invalidated if what it needs is removed then: if nobody else asks for it.
            let limited = limit.map { files.now -| $0 / files.size } ?? 0
            let others = holders.filter { $0.reason != .checkpoint && $0.reason != .archiver }.map(\.oldest).min() ?? files.now
            let gone = min(others, limited)
            var oldest: (slot: String, number: Int64)?, second: (slot: String, number: Int64)?
            for slot in slots where !slot.isInvalidated {
                guard let restart = slot.restart else { continue }
                let number = restart.bytes / files.size
                if number < gone {
                    doomed.append(slot.name)
                } else if number < oldest?.number ?? .max {
                    (oldest, second) = ((slot.name, number), oldest)
                } else if number < second?.number ?? .max {
                    second = (slot.name, number)
                }
            }
            if oldest == nil { idle.append(.slots) }
            for one in [oldest, second].compactMap(\.self) {
                holders.append(files.holder(.slots, from: max(one.number, limited), slot: one.slot))
            }
        }

        /// The number of the oldest segment that those ask for which ask for all from there on.
        func floor(of holders: [Holder]) -> Int64 {
            holders.filter { $0.reason != .archiver }.map(\.oldest).min() ?? files.first
        }

        /// How many segments with a lower number wait for the archive.
        func ready(before number: Int64) -> Int64 {
            guard let waiting, number > files.first else { return 0 }
            return waiting.count(in: files.first..<number, segmentBytes: files.size).atMost
        }
    }
}
