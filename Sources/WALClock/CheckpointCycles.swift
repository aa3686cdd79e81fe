import ReplicationModel

/// How much WAL a server writes from one checkpoint's redo position to the end of the next checkpoint. In each cycle the distance grows from little to that
/// and falls back, so what it is at one moment says little.
package struct CheckpointCycles: Sendable, Hashable, Codable {
    private var timeline: Int64?
    private var redo: LSN?
    /// The greatest distance in the present cycle, and in the one before it, of which the end was seen.
    private var present: Int64 = 0
    private var former: Int64?

    mutating func note(_ snapshot: ServerSnapshot) {
        guard let redo = snapshot.checkpoints?.redo, let end = snapshot.currentPosition else { return }
        if timeline != snapshot.checkpoints?.timeline || self.redo.map({ redo < $0 }) ?? false {
            // Another history: what was written in the former one is nothing to go by.
            self = CheckpointCycles()
            timeline = snapshot.checkpoints?.timeline
        }
        if let before = self.redo, redo > before {
            // Seen seldom, it was at least up to where the next one began.
            former = max(present, redo.lag(of: before))
            present = 0
        }
        self.redo = redo
        present = max(present, end.lag(of: redo))
    }

    /// nil until the end of a cycle was seen.
    var greatestBytes: Int64? { former.map { max($0, present) } }
}
