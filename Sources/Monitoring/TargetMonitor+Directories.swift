import Collection
import Logging
import Postgres
import ReplicationModel

/// What is looked at between scrapes: directories, the segments of the past, the filesystem.
extension TargetMonitor {
    /// Listings come after the answer, so that the connection is free for the next scrape. Only the first page waits for them, for a
    /// page without the WAL directory would be a poor first impression; but not for long.
    func listDirectories(isFirst: Bool, until deadline: ContinuousClock.Instant) async {
        guard listing == nil, ContinuousClock.now >= directoriesDue, let known else { return }
        directoriesDue = .now + directoryInterval
        let round = CollectionRound(server: known.traits, intervals: [.directory], disabled: disabled)
        guard !round.statements.isEmpty else { return }
        let task = Task(executorPreference: executor) { await self.listDirectories(round, of: known) }
        listing = task
        if isFirst { _ = await task.value(until: min(deadline, .now + .seconds(1))) }
    }

    func listDirectories(_ round: CollectionRound, of known: KnownServer) async {
        // The server's own statement_timeout shall strike first: it costs one listing, ours would cost the connection.
        let outcomes = await session.run(round.statements, until: .now + timeout * round.statements.count + .seconds(1))
        list(outcomes, of: round)
        await seedHistory(for: known)
        await lookAtFilesystem(of: known)
        listing = nil
    }

    func list(_ outcomes: [StatementOutcome], of round: CollectionRound) {
        guard var snapshot = latest else { return }
        snapshot.forget(.directory)
        let carried = snapshot.reports.count
        round.harvest(outcomes[...], into: &snapshot)
        count(snapshot.reports[carried...])
        latest = snapshot
    }

    /// Once per server: when the segments in pg_wal were finished, so that ages reach back from the start.
    func seedHistory(for known: KnownServer) async {
        guard seeded != known.identity, !disabled.contains(.walDirectory), latest?.walDirectory != nil else { return }
        let outcome = await session.run([SegmentQuery.statement(for: known.traits)], until: .now + timeout + .seconds(1))[0]
        switch outcome.result {
        case .failure(let error):
            count(CollectorFailure(error), of: "reading the past of the WAL", for: .walDirectory)
            return
        case .success(let rows):
            do {
                let segments = try SegmentQuery.decode(rows, from: known.traits)
                history.seed(segments, at: WallClock.monotonic(outcome.receivedAt))
                seeded = known.identity
                count(nil, of: "reading the past of the WAL", for: .walDirectory)
            } catch {
                count(CollectorFailure(.decode, error.description), of: "reading the past of the WAL", for: .walDirectory)
            }
        }
        completeLatest()
    }

    func lookAtFilesystem(of known: KnownServer) async {
        let place: WALFilesystemReader.Place
        if let walDirectory {
            place = .directory(walDirectory)
        } else if let directory = latest?.settings?.dataDirectory {
            place = .dataDirectory(directory, postmasterStart: known.identity.postmasterStart)
        } else {
            return
        }
        let filesystem = await filesystemReader.read(place, within: .seconds(1))
        if let filesystem { history.note(filesystem, at: WallClock.monotonic(.now)) }
        latest?.walFilesystem = filesystem
        completeLatest()
    }

    func completeLatest() {
        guard var snapshot = latest else { return }
        history.complete(&snapshot, at: WallClock.monotonic(.now))
        latest = snapshot
    }
}
