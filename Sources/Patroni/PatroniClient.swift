package import RESTClient
package import ReplicationModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Asks one cluster's REST interfaces, by GET alone.
package final class PatroniClient: Sendable {
    private let name: String
    private let labels: [String: String]
    private let options: PatroniOptions
    private let client: RESTClient
    private let clock: @Sendable () -> Double

    /// `name` and `labels` are the cluster's in the configuration; `clock` is the exporter's, Unix time.
    package init(
        name: String,
        labels: [String: String] = [:],
        options: PatroniOptions,
        credentials: RESTCredentials? = nil,
        connections: PatroniConnections,
        clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) {
        self.name = name
        self.labels = labels
        self.options = options
        client = RESTClient(on: connections.group, trust: RESTTrust(options.trust), credentials: credentials)
        self.clock = clock
    }

    /// Asks all interfaces how they are, and the first that answers for the cluster; what it does not tell, the next one is asked for.
    /// What none tells stays as it was. Returns at the deadline at the latest.
    ///
    /// - Parameter known: gets what is known of the cluster as soon as that is all but how the other interfaces are, which may hang.
    package func poll(
        previous: PatroniCluster?,
        until deadline: ContinuousClock.Instant,
        known: @Sendable (PatroniCluster) async -> Void = { _ in }
    ) async -> PatroniCluster {
        var poll = Poll(cluster: previous ?? PatroniCluster(name: name))
        poll.cluster.name = name
        poll.cluster.labels = labels
        var waiting = options.urls.count
        await withTaskGroup(of: (url: String, answer: Result<Read<StatusAnswer>, RESTFailure>).self) { group in
            for url in options.urls {
                group.addTask { (url, await self.ask(url, "/patroni", until: deadline)) }
            }
            for await (url, answer) in group {
                waiting -= 1
                poll.asked.insert(url)
                guard let status = poll.accept(answer, "/patroni", from: url) else { continue }
                poll.answered.insert(url)
                if status.isOnItsOwn || poll.hasLostDCS(url, lastSeen: status.dcsLastSeen, at: clock()) { poll.isOnItsOwn = true }
                if let version = status.version { poll.versions.append(version) }
                let isNews = !poll.isComplete
                await completeCluster(in: &poll, from: url, until: deadline)
                if isNews, poll.isComplete, waiting > 0 { await known(poll.result(options.urls)) }
            }
        }
        return poll.result(options.urls)
    }

    /// What is known so far.
    private struct Poll {
        var cluster: PatroniCluster
        var asked: Set<String> = []
        /// Those whose `/patroni` did answer, and whether a member says there that it is on its own.
        var answered: Set<String> = []
        var isOnItsOwn = false
        var problems: [String: String] = [:]
        /// By what was asked for. The same from several interfaces is told once.
        var oddities: [String: [String]] = [:]
        var versions: [PatroniCluster.Version] = []
        var needsMembers = true
        var needsSettings = true
        var needsHistory = true

        var isComplete: Bool { !needsMembers && !needsSettings && !needsHistory }

        /// What Patroni answers from its DCS, nobody answers; what it answers by itself, somebody does.
        var isWithoutDCS: Bool { isOnItsOwn && needsMembers && needsSettings && needsHistory }

        /// A member reaches its DCS in each loop, every 10 s by default. Only looked at where nothing of the DCS is answered.
        private static let longestLoop = 15.0

        /// Whether a member has not reached its DCS for longer than a loop takes. false where it does not say, or has not been watched for as long.
        mutating func hasLostDCS(_ url: String, lastSeen: Double?, at now: Double) -> Bool {
            guard let lastSeen else {
                cluster.dcsContacts[url] = nil
                return false
            }
            guard let contact = cluster.dcsContacts[url], contact.lastSeen == lastSeen else {
                cluster.dcsContacts[url] = .init(lastSeen: lastSeen, unchangedSince: now)
                return false
            }
            return now - contact.unchangedSince > Self.longestLoop
        }

        func result(_ urls: [String]) -> PatroniCluster {
            var cluster = cluster
            cluster.isDCSReachable = isWithoutDCS ? false : needsMembers ? nil : true
            cluster.dcsProblem = isWithoutDCS ? urls.lazy.filter(answered.contains).compactMap { problems[$0] }.first : nil
            let before = Dictionary(cluster.endpoints.map { ($0.url, $0.problem) }) { first, _ in first }
            cluster.endpoints = urls.map { url in
                // Of one that has not answered yet, what was known before is known still.
                PatroniCluster.Endpoint(
                    url: url,
                    problem: asked.contains(url)
                        ? (isWithoutDCS && answered.contains(url) ? nil : problems[url]) : before[url] ?? PatroniCluster.Endpoint.notAskedYet
                )
            }
            cluster.failedPolls = cluster.endpoints.contains(where: \.isUp) ? 0 : min(cluster.failedPolls, 1_000_000) + 1
            if let version = versions.min() { cluster.version = version }
            cluster.oddities = oddities.sorted { $0.key < $1.key }.flatMap { path, texts in texts.map { "GET \(path): \($0)" } }
            return cluster
        }

        /// The answer, or nil and a note of what was wrong with the interface.
        mutating func accept<Answer>(_ answer: Result<Read<Answer>, RESTFailure>?, _ path: String, from url: String) -> Answer? {
            switch answer {
            case nil: return nil
            case .success(let read):
                if !read.oddities.isEmpty { oddities[path] = read.oddities }
                return read.answer
            case .failure(let failure):
                problems[url] = [problems[url], failure.description].compactMap(\.self).joined(separator: "; ")
                return nil
            }
        }
    }

    private func completeCluster(in poll: inout Poll, from url: String, until deadline: ContinuousClock.Instant) async {
        async let members: Result<Read<ClusterAnswer>, RESTFailure>? = poll.needsMembers ? ask(url, "/cluster", until: deadline) : nil
        async let settings: Result<Read<SettingsAnswer>, RESTFailure>? = poll.needsSettings ? ask(url, "/config", until: deadline) : nil
        async let history: Result<Read<HistoryAnswer>, RESTFailure>? = poll.needsHistory ? ask(url, "/history", until: deadline) : nil
        let answers = await (members: members, settings: settings, history: history)

        if let answer = poll.accept(answers.members, "/cluster", from: url) {
            poll.cluster.members = answer.members
            poll.cluster.isPaused = answer.isPaused
            poll.cluster.readAt = clock()
            poll.needsMembers = false
        }
        if let answer = poll.accept(answers.settings, "/config", from: url) {
            poll.cluster.settings = answer.settings
            poll.needsSettings = false
        }
        if let answer = poll.accept(answers.history, "/history", from: url) {
            poll.cluster.lastSwitch = answer.lastSwitch
            poll.needsHistory = false
        }
    }

    private func ask<Answer: Readable>(
        _ url: String,
        _ path: String,
        until deadline: ContinuousClock.Instant
    ) async -> Result<Read<Answer>, RESTFailure> {
        let address = (url.hasSuffix("/") ? String(url.dropLast()) : url) + path
        let end = min(deadline, .now + options.timeout)
        do {
            return .success(try AnswerReader.read(Answer.self, try await client.body(of: address, until: end)))
        } catch {
            var reason = (error as? AnswerError)?.description ?? RESTFailure(error).description
            if reason.hasPrefix("HTTP status 401") { reason += ": see basic_auth" }
            return .failure(RESTFailure("GET \(address): \(reason)"))
        }
    }
}
