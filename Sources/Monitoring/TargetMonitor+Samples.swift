import Collection
import Logging
import Postgres
import ReplicationModel

/// Where the WAL ends between scrapes: what the WAL clock lives on.
extension TargetMonitor {
    /// Never in the way of a scrape: what is under way is waited for, and a scrape that comes meanwhile waits for one tiny statement.
    func sampleForever() async {
        // Many targets shall not be asked all at the same moment.
        var next = ContinuousClock.now + sampleInterval * Double.random(in: 0...1)
        // A sleep throws only when it is cancelled: the monitor stops.
        while (try? await loop.sleep(until: next)) != nil {
            await sample()
            next = max(next + sampleInterval, .now)
        }
    }

    func sample() async {
        guard collecting == nil, listing == nil, reconnecting == nil, known != nil, await session.isConnected else { return }
        let outcome = await session.run([SampleQuery.statement], until: .now + timeout)[0]
        switch outcome.result {
        case .success(let rows):
            do {
                history.note(try SampleQuery.decode(rows), at: WallClock.monotonic(outcome.receivedAt))
                count(nil, of: "sampling", for: .wal)
            } catch {
                count(CollectorFailure(.decode, error.description), of: "sampling", for: .wal)
            }
        case .failure(let error) where error.code != .server:
            // Found out before the next scrape, so that it need not wait for the connection to come back.
            if await !session.isConnected, reconnecting == nil { isDown(error) }
        case .failure(let error):
            count(CollectorFailure(error), of: "sampling", for: .wal)
        }
    }
}
