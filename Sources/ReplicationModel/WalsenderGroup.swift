/// Walsenders that share application name, address and slot, told as one series: nothing in PostgreSQL makes these unique, and
/// Prometheus rejects a page that holds a series twice. Each value is that of the worst member.
package struct WalsenderGroup: Sendable, Hashable {
    package let key: WalsenderKey
    package var members: [Walsender]

    package var applicationName: String { key.applicationName }
    package var clientAddress: String? { key.clientAddress }
    package var slotName: String? { key.slotName }

    /// In the order of first appearance.
    package static func grouping(_ walsenders: [Walsender]) -> [WalsenderGroup] {
        var groups: [WalsenderGroup] = []
        var index: [WalsenderKey: Int] = [:]
        for walsender in walsenders {
            let key = walsender.key
            if let known = index[key] {
                groups[known].members.append(walsender)
            } else {
                index[key] = groups.count
                groups.append(.init(key: key, members: [walsender]))
            }
        }
        return groups
    }

    /// The least advanced state of the members.
    package var state: Walsender.State {
        members.map(\.state).min { Self.rank($0) < Self.rank($1) } ?? .startup
    }

    /// The weakest guarantee of the members; nil when none has one.
    package var syncState: Walsender.SyncState? {
        members.compactMap(\.syncState).min { Self.rank($0) < Self.rank($1) }
    }

    /// 0 (asynchronous) before the highest number, because 1 is the first in line.
    package var syncPriority: Int64? {
        let priorities = members.compactMap(\.syncPriority)
        return priorities.contains(0) ? 0 : priorities.max()
    }

    /// The greatest of the members' values; nil when no member has one.
    package func worst<Value: Comparable>(_ value: (Walsender) -> Value?) -> Value? {
        members.compactMap(value).max()
    }

    /// The worst member's lag in seconds. 0 only when every member has caught up: one that the server says nothing of may be behind.
    package func lagSeconds(_ measured: KeyPath<Walsender, Double?>, at position: KeyPath<Walsender, LSN?>) -> Double? {
        let lags = members.map { $0.lagSeconds(measured, at: position) }
        guard let worst = lags.compactMap(\.self).max() else { return nil }
        return worst == 0 && lags.contains(nil) ? nil : worst
    }

    /// The smallest of the members' values; nil when no member has one.
    package func least<Value: Comparable>(_ value: (Walsender) -> Value?) -> Value? {
        members.compactMap(value).min()
    }

    private static func rank(_ state: Walsender.State) -> Int {
        switch state {
        case .startup: 0
        case .stopping: 1
        case .catchup: 2
        case .backup: 3
        case .streaming: 4
        }
    }

    private static func rank(_ state: Walsender.SyncState) -> Int {
        switch state {
        case .async: 0
        case .potential: 1
        case .quorum: 2
        case .sync: 3
        }
    }
}
