extension PatroniConfiguration {
    /// By which name and password the exporter is known to the REST interfaces: the keys of Prometheus's own `basic_auth`.
    package struct BasicAuth: Sendable, Hashable {
        /// Without a colon, and not empty.
        package var username: String
        /// Where the password is.
        package var password: Password

        /// Where a password is.
        package enum Password: Sendable, Hashable {
            /// In the configuration.
            case text(Secret)
            /// In the file of this absolute path; it is read at each poll, so that a password may change while the exporter runs.
            case file(String)
        }

        package init(username: String, password: Password) {
            self.username = username
            self.password = password
        }

        /// The password of now.
        package func readPassword() throws(PasswordFileError) -> Secret {
            switch password {
            case .text(let secret): secret
            case .file(let path): try PasswordFile.read(path)
            }
        }
    }

    /// The REST interfaces to which the password would go where others may read it: by plain HTTP, and not on this host.
    package var urlsThatExposePasswords: [String] {
        guard basicAuth != nil else { return [] }
        return urls.filter { url in
            guard url.hasPrefix("http://") else { return false }
            let authority = url.dropFirst("http://".count).prefix { $0 != "/" }
            let host = authority.hasPrefix("[") ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
            return Self.loopback.contains(host: String(host)) != true && host.lowercased() != "localhost"
        }
    }

    private static let loopback = ["127.0.0.0/8", "::1"].compactMap(AddressRange.init)
}
