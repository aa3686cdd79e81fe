import Synchronization
import YAMLTree

/// The file itself: read whenever it is needed, parsed when it holds something else than before.
final class WebConfigurationFile: Sendable {
    /// What was read, and what it means.
    struct Reading: Sendable {
        var file: String
        /// Empty when it cannot be read.
        var bytes: [UInt8]
        var configuration: Result<WebConfiguration, WebConfigurationError>
    }

    let path: String
    private let last = Mutex<Reading?>(nil)

    init(path: String) {
        self.path = path
    }

    /// Reads the file, so it is for a thread that may be blocked.
    func read() -> Reading {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.bytes(of: path, limit: WebConfiguration.sizeLimit)
        } catch {
            return Reading(
                file: path,
                bytes: [],
                configuration: .failure(WebConfigurationError([Problem(file: path, message: error.reason.lowercased())]))
            )
        }
        if let last = last.withLock({ $0?.bytes == bytes ? $0 : nil }) { return last }
        let path = path
        let configuration = Result { () throws(WebConfigurationError) in try WebConfiguration.parse(bytes, file: path) }
        let reading = Reading(file: path, bytes: bytes, configuration: configuration)
        last.withLock { $0 = reading }
        return reading
    }
}
