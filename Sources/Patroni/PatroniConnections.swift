package import NIOCore

/// Where all clusters' requests run. It owns no thread.
package struct PatroniConnections: Sendable {
    let group: any EventLoopGroup

    /// Works on the given threads; one is plenty.
    package init(group: any EventLoopGroup) {
        self.group = group
    }
}
