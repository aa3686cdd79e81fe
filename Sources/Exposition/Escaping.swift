/// Which characters a format wants written with a backslash.
///
/// Everything else is written as it is, NUL, CR and the other control characters included: there is no escape for them in either format,
/// Prometheus' parsers take them as part of the value, and replacing them would make two distinct names one.
struct Escaping: Sendable {
    private let quotes: Bool

    /// Label values, in both formats.
    static let labelValue = Escaping(quotes: true)

    /// The text of `# HELP`: only OpenMetrics escapes double quotes there; the classic format would show the backslash.
    static func help(in format: ExpositionFormat) -> Escaping {
        Escaping(quotes: format == .openMetrics)
    }

    func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"):
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case UInt8(ascii: "\n"):
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\"") where quotes:
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
            default:
                bytes.append(byte)
            }
        }
    }
}
