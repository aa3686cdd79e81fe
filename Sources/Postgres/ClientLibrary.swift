import CLibPQ

/// The libpq that is linked.
package enum ClientLibrary {
    /// For example `15.18`.
    package static var version: String {
        ServerVersion(number: Int(PQlibVersion())).description
    }
}
