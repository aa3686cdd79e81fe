import NIOPosix
import NIOSSL
import Synchronization
import YAMLTree

/// Makes the setup for each handshake of what the files hold then, and keeps it as long as they hold the same.
final class TLSSetups: Sendable {
    private struct Key: Hashable {
        var configuration: [UInt8]
        var contents: TLSContents
    }

    private let last: Mutex<(key: Key, setup: TLSSetup)>
    /// For as long as the files cannot be used.
    let refusing: TLSSetup

    /// The setup of the first reading.
    init(_ file: WebConfigurationFile.Reading, section: TLSSection) throws(WebConfigurationError) {
        let contents = try section.readContents()
        let setup = try TLSSetup(section, contents)
        refusing = try TLSSetup.refusing(section, contents)
        last = Mutex((Key(configuration: file.bytes, contents: contents), setup))
    }

    /// Reads files, so it is for a thread that may be blocked.
    func setup(of reading: WebConfigurationFile.Reading) -> Result<TLSSetup, WebConfigurationError> {
        Result { () throws(WebConfigurationError) in
            let configuration = try reading.configuration.get()
            guard let section = configuration.tls, section.isConfigured else {
                throw WebConfigurationError([
                    Problem(file: reading.file, message: "there is no certificate any more, and TLS was served at the start")
                ])
            }
            let key = Key(configuration: reading.bytes, contents: try section.readContents())
            if let last = last.withLock({ $0.key == key ? $0.setup : nil }) { return last }
            let setup = try TLSSetup(section, key.contents)
            last.withLock { $0 = (key, setup) }
            return setup
        }
    }
}
