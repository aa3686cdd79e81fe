/// How many synchronous standbys commits wait for, and how many there are.
package struct SynchronousReplication: Sendable, Hashable {
    /// 0: commits wait for nobody.
    package var required: Int
    package var connected: Int

    package var isSatisfied: Bool { connected >= required }
}

extension ServerSnapshot {
    /// nil on a standby, whose own standbys are always asynchronous; where that cannot be read; and where nobody outside can tell: the setting has
    /// a form that no version documents, or names what is served outside of pg_stat_replication.
    package var synchronousReplication: SynchronousReplication? {
        guard role == .primary, hiddenWalsenders == 0, let walsenders, let setting = settings?.synchronousStandbyNames else { return nil }
        do {
            guard let standbys = try SynchronousStandbys(setting) else { return SynchronousReplication(required: 0, connected: 0) }
            let replication = SynchronousReplication(required: standbys.required, connected: standbys.connected(among: walsenders))
            return standbys.isServedOutside && !replication.isSatisfied ? nil : replication
        } catch {
            return nil
        }
    }
}
