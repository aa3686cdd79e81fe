/// First come, first served: the operations of one actor that must not interleave at their suspension points.
///
/// Not Sendable: it belongs to the actor whose operations it orders, and is used on that actor alone.
final class TurnQueue {
    private let loop: EventLoop
    private var isTaken = false
    private var waiting: [OneShot] = []

    init(on loop: EventLoop) {
        self.loop = loop
    }

    /// Returns when it is the caller's turn, which it must end with ``pass()``.
    nonisolated(nonsending) func take(until deadline: ContinuousClock.Instant) async throws(WaitFailure) {
        guard let turn = takeOrQueue() else { return }
        guard let failure = WaitFailure(await turn.wait(until: deadline)) else { return }
        // The turn may have been handed over just when the wait ended otherwise: then it has to be handed on.
        guard let index = waiting.firstIndex(where: { $0 === turn }) else {
            pass()
            throw failure
        }
        waiting.remove(at: index)
        throw failure
    }

    /// Like ``take(until:)``, without a deadline and whether or not the task is cancelled.
    nonisolated(nonsending) func takeRegardless() async {
        // In a task of its own, which inherits no cancellation.
        if let turn = takeOrQueue() {
            _ = await Task { await turn.wait(until: .now + .seconds(86_400)) }.value
        }
    }

    /// Nil when the turn is the caller's at once, otherwise what fires when it is.
    private func takeOrQueue() -> OneShot? {
        guard isTaken else {
            isTaken = true
            return nil
        }
        let turn = OneShot(on: loop)
        waiting.append(turn)
        return turn
    }

    func pass() {
        guard !waiting.isEmpty else {
            isTaken = false
            return
        }
        waiting.removeFirst().fire()
    }
}
