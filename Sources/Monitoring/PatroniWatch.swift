import ExporterConfiguration
import Logging
import Patroni
import ReplicationModel
import Synchronization

/// Asks Patroni of each cluster, at the cluster's own interval. Clusters are asked side by side: what hangs costs its own answers.
final class PatroniWatch: Sendable {
    /// Takes in what was told of one cluster.
    typealias Taking = @Sendable (PatroniCluster) async -> Void

    private let clusters: [(configuration: PatroniConfiguration, client: PatroniClient)]
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var polling: [Task<Void, Never>] = []
        /// Ends when the members of every cluster are known, or were asked for in vain.
        var discovery: Task<Void, Never>?
        var isDiscovered = false
        /// Of each cluster, the troubles that were told.
        var told: [String: Set<String>] = [:]
    }

    init(_ configuration: [PatroniConfiguration], _ connections: PatroniConnections, logger: Logger) {
        clusters = configuration.map { ($0, PatroniClient($0, connections)) }
        self.logger = logger
    }

    /// Whether each cluster was asked once.
    var isDiscovered: Bool { clusters.isEmpty || state.withLock { $0.isDiscovered } }

    /// Begins to ask, unless that has begun.
    /// - Parameter isLasting: whether to go on after the first answers.
    func begin(andGoOn isLasting: Bool, _ take: @escaping Taking) {
        guard state.withLock({ $0.discovery == nil }) else { return }
        for cluster in clusters.map(\.configuration) where !cluster.urlsThatExposePasswords.isEmpty {
            logger.warning(
                "the password of basic_auth goes over the network in clear text: use https",
                metadata: ["cluster": "\(cluster.name)", "urls": "\(cluster.urlsThatExposePasswords.joined(separator: ", "))"]
            )
        }
        let polls = clusters.map { cluster in
            let known = Signal()
            let task = Task {
                var last: PatroniCluster?
                while true {
                    last = await self.ask(cluster.configuration, cluster.client, previous: last) { answer in
                        await take(answer)
                        known.raise()
                    }
                    known.raise()
                    // A sleep throws only when it is cancelled: the fleet stops.
                    guard isLasting, (try? await Task.sleep(for: cluster.configuration.interval)) != nil else { return }
                }
            }
            return (task: task, known: known)
        }
        let discovery = Task {
            for poll in polls { await poll.known.wait() }
            self.state.withLock { $0.isDiscovered = true }
        }
        state.withLock { state in
            state.discovery = discovery
            state.polling = polls.map(\.task)
        }
    }

    /// Waits until the members of every cluster are known, but no longer than that.
    func discovered(until deadline: ContinuousClock.Instant) async {
        guard let discovery = state.withLock({ $0.isDiscovered ? nil : $0.discovery }) else { return }
        _ = await discovery.value(until: deadline)
    }

    /// Asks no more.
    func stop() {
        for task in state.withLock({ $0.polling }) { task.cancel() }
    }

    private func ask(
        _ cluster: PatroniConfiguration,
        _ client: PatroniClient,
        previous: PatroniCluster?,
        _ take: @escaping Taking
    ) async -> PatroniCluster {
        let answer = await client.poll(previous: previous, until: .now + cluster.timeout, known: take)
        tell(of: previous, answer)
        await take(answer)
        return answer
    }

    // MARK: - Telling

    /// Says once what changed.
    private func tell(of previous: PatroniCluster?, _ cluster: PatroniCluster) {
        let before = Dictionary((previous?.endpoints ?? []).map { ($0.url, $0.problem) }) { first, _ in first }
        for endpoint in cluster.endpoints {
            let known = before[endpoint.url]
            let metadata: Logger.Metadata = ["cluster": "\(cluster.name)", "url": "\(endpoint.url)"]
            switch (known, endpoint.problem) {
            case (.some(.some), .some): break  // A message that varies, as a timeout's may, is told once.
            case (_, let problem?): logger.warning("Patroni does not answer", metadata: metadata.merging(["error": "\(problem)"]) { $1 })
            case (.some(nil), nil): break
            case (_, nil): logger.notice("Patroni answers", metadata: metadata)
            }
        }
    }

    /// Warns of what could not be used of answers: each once while it lasts, and never more than some at a time.
    func tell(of oddities: [String], of cluster: String) {
        let news = state.withLock { state in
            guard !oddities.isEmpty else {
                state.told[cluster] = nil
                return [String]()
            }
            let told = state.told[cluster, default: []]
            let news = oddities.filter { !told.contains($0) }.prefix(max(Self.mostTold - told.count, 0))
            state.told[cluster] = told.union(news)
            return Array(news)
        }
        for text in news {
            logger.warning("Patroni's answer is odd, and used as far as it can be", metadata: ["cluster": "\(cluster)", "what": "\(text)"])
        }
    }

    private static let mostTold = 50
}

/// Something that happens once, and that others may wait for.
private final class Signal: Sendable {
    private let state = Mutex<(isRaised: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func raise() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isRaised = state.withLock { state in
                if !state.isRaised { state.waiting.append(continuation) }
                return state.isRaised
            }
            if isRaised { continuation.resume() }
        }
    }
}
