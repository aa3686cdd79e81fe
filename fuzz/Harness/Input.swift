import Exposition

/// The bytes that libFuzzer made up.
struct Input {
    let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// As text; what is not UTF-8 becomes U+FFFD.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// One of the formats of a page: both for each input would take twice as long.
    var anyFormat: ExpositionFormat { ExpositionFormat.allCases[bytes.count % ExpositionFormat.allCases.count] }

    /// The lines as text, for targets that take several texts at once.
    var lines: [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
}
