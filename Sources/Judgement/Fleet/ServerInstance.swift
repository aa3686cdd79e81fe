package import ReplicationModel

/// One life of one server: from the start of a postmaster to its end. Several targets may reach the same one, as a virtual address does.
///
/// Within such a life a standby may become a primary, but a primary never becomes a standby: that takes a restart.
package struct ServerInstance: Sendable, Hashable, Codable {
    /// Or what stands for it: ``ServerIdentity/systemKey``.
    package let systemIdentifier: String
    /// Unix time; 0 where the server does not show it.
    package let postmasterStart: Double
    package let clusterName: String
    /// What tells servers of one system apart where they do not show their start; empty where they do.
    private let own: String

    package init(_ snapshot: ServerSnapshot) {
        let identity = snapshot.identity
        systemIdentifier = identity.systemKey
        postmasterStart = identity.postmasterStart ?? 0
        clusterName = identity.clusterName
        own = identity.postmasterStart == nil ? Self.own(snapshot) : ""
    }

    /// A standby is where its address is. Of a primary, the address says nothing: it has virtual ones, too, and must not be taken for a
    /// second primary of its system. That there really are two is not seen without their starts.
    private static func own(_ snapshot: ServerSnapshot) -> String {
        switch snapshot.role {
        case .primary: return "primary"
        case .standby: return "\(snapshot.identity.address ?? "") \(snapshot.identity.port ?? 0)"
        }
    }
}
