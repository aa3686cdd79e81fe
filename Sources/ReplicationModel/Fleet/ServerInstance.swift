/// One life of one server: from the start of a postmaster to its end. Several targets may reach the same one, as a virtual address does.
///
/// Within such a life a standby may become a primary, but a primary never becomes a standby: that takes a restart.
package struct ServerInstance: Sendable, Hashable {
    /// Or what stands for it: ``ServerIdentity/systemKey``.
    package let systemIdentifier: String
    /// Unix time; 0 where the server does not show it.
    package let postmasterStart: Double
    package let clusterName: String

    package init(_ identity: ServerIdentity) {
        systemIdentifier = identity.systemKey
        postmasterStart = identity.postmasterStart ?? 0
        clusterName = identity.clusterName
    }
}
