import ExporterConfiguration
import Logging
import Patroni
import ReplicationModel
import Synchronization

/// Asks Patroni of each cluster, at the cluster's own interval. Clusters are asked side by side: what hangs costs its own answers.
final class PatroniWatch: Sendable {
    /// Takes in what was told of one cluster.
    typealias Taking = @Sendable (PatroniCluster) async -> Void

    private let connections: PatroniConnections
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        /// By name.
        var watched: [String: Watched] = [:]
        /// Who takes in what is told; nil: it has not begun.
        var taking: Taking?
        var isLasting = false
        /// Ends when the members of every cluster are known, or were asked for in vain.
        var discovery: Task<Void, Never>?
        var isDiscovered = false
        /// Of each cluster, the troubles that were told.
        var told: [String: Set<String>] = [:]
    }

    /// One cluster that is asked.
    private struct Watched {
        var configuration: PatroniConfiguration
        let client: PatroniClient
        /// Raised when its members are known, or were asked for in vain.
        let known = Signal()
        /// What it told last.
        var last: PatroniCluster?
        var polling: Task<Void, Never>?
    }

    init(_ configuration: [PatroniConfiguration], _ connections: PatroniConnections, logger: Logger) {
        self.connections = connections
        self.logger = logger
        state = Mutex(State())
        follow(configuration)
    }

    /// Whether each cluster was asked once.
    var isDiscovered: Bool { state.withLock { $0.isDiscovered || $0.watched.isEmpty } }

    /// Begins to ask, unless that has begun.
    /// - Parameter isLasting: whether to go on after the first answers.
    func begin(andGoOn isLasting: Bool, _ take: @escaping Taking) {
        state.withLock { state in
            guard state.taking == nil || isLasting && !state.isLasting else { return }
            state.taking = take
            state.isLasting = isLasting
            for name in state.watched.keys { poll(name, &state) }
            guard state.discovery == nil else { return }
            let signals = state.watched.values.map(\.known)
            state.discovery = Task {
                for known in signals { await known.wait() }
                self.state.withLock { $0.isDiscovered = true }
            }
        }
    }

    /// Asks other clusters from now on. Those that are asked as before keep their client, and their turn.
    func follow(_ configuration: [PatroniConfiguration]) {
        state.withLock { state in
            let former = state.watched
            state.watched = [:]
            for cluster in configuration {
                tellOfExposure(cluster, besides: former[cluster.name]?.configuration)
                if var known = former[cluster.name], known.configuration.isAsked(as: cluster) {
                    known.configuration = cluster
                    state.watched[cluster.name] = known
                } else {
                    let last = former[cluster.name]?.last
                    state.watched[cluster.name] = Watched(configuration: cluster, client: PatroniClient(cluster, connections), last: last)
                    if state.taking != nil { poll(cluster.name, &state) }
                }
            }
            for (name, cluster) in former where state.watched[name]?.client !== cluster.client {
                cluster.polling?.cancel()
                // Whoever waits for it would wait in vain.
                cluster.known.raise()
                state.told[name] = nil
            }
        }
    }

    /// Waits until the members of every cluster are known, but no longer than that.
    func discovered(until deadline: ContinuousClock.Instant) async {
        guard let discovery = state.withLock({ $0.isDiscovered ? nil : $0.discovery }) else { return }
        _ = await discovery.value(until: deadline)
    }

    /// Asks no more.
    func stop() {
        for cluster in state.withLock({ $0.watched.values }) { cluster.polling?.cancel() }
    }

    // MARK: - Asking

    /// Begins to ask one cluster, from where it was left.
    private func poll(_ name: String, _ state: inout State) {
        guard let cluster = state.watched[name], let take = state.taking else { return }
        let isLasting = state.isLasting
        cluster.polling?.cancel()
        state.watched[name]?.polling = Task {
            var last = cluster.last
            while !Task.isCancelled {
                last = await self.ask(cluster, previous: last, take)
                cluster.known.raise()
                // A sleep throws only when it is cancelled: the fleet stops, or is told to ask otherwise.
                guard isLasting, (try? await Task.sleep(for: cluster.configuration.interval)) != nil else { break }
            }
            cluster.known.raise()
        }
    }

    /// - Returns: what is known now.
    private func ask(_ cluster: Watched, previous: PatroniCluster?, _ take: @escaping Taking) async -> PatroniCluster? {
        let name = cluster.configuration.name
        let answer = await cluster.client.poll(previous: previous, until: .now + cluster.configuration.timeout) { answer in
            guard !Task.isCancelled else { return }
            await take(answer)
            cluster.known.raise()
        }
        guard !Task.isCancelled else { return previous }
        tell(of: previous, answer)
        state.withLock { state in
            if state.watched[name]?.client === cluster.client { state.watched[name]?.last = answer }
        }
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

    /// Warns of a password that others may read on its way, once.
    private func tellOfExposure(_ cluster: PatroniConfiguration, besides former: PatroniConfiguration?) {
        let urls = cluster.urlsThatExposePasswords
        guard !urls.isEmpty, urls != former?.urlsThatExposePasswords else { return }
        logger.warning(
            "the password of basic_auth goes over the network in clear text: use https",
            metadata: ["cluster": "\(cluster.name)", "urls": "\(urls.joined(separator: ", "))"]
        )
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

extension PatroniConfiguration {
    /// Whether the same is asked, in the same way and as often.
    fileprivate func isAsked(as other: Self) -> Bool {
        // All but what is done with the answers.
        var asked = other
        asked.labels = labels
        asked.dsn = dsn
        asked.passwordFile = passwordFile
        asked.maximumMembers = maximumMembers
        asked.membersWithin = membersWithin
        asked.expectations = expectations
        return asked == self
    }
}
