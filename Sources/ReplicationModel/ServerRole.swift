/// Primary or standby, as `pg_is_in_recovery()` says: decided anew in every collection, because a promotion keeps connections open.
package enum ServerRole: String, Sendable, Hashable, CaseIterable {
    case primary
    case standby
}
