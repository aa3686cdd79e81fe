import ArgumentParser
import Logging

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `--log.level` and `--log.format`, as other exporters name them.
struct LoggingOptions: ParsableArguments {
    @Option(name: .customLong("log.level"), help: "Only log messages of this severity or above.")
    var level = Level.info

    @Option(name: .customLong("log.format"), help: "How a line of the log is written, on standard error.")
    var format = LineLogHandler.Format.logfmt

    enum Level: String, CaseIterable, ExpressibleByArgument {
        case debug, info, warn, error

        var threshold: Logger.Level {
            switch self {
            case .debug: .debug
            case .info: .info
            case .warn: .warning
            case .error: .error
            }
        }
    }

    /// A logger to standard error that never waits for it; what it has left is written by ``ProcessEnd``.
    func logger() -> Logger {
        LogQueue.standardError.start { [format] count in
            let message = "standard error took no more: lines were dropped here"
            return LineLogHandler.bytes([("level", "warn"), ("msg", message), ("lines", "\(count)")], as: format)
        }
        var logger = Logger(label: "pgwal_exporter") { _ in LineLogHandler(format: format) }
        logger.logLevel = level.threshold
        return logger
    }
}

/// One line a message: `time=… level=… msg="…" key=value`, or the same as JSON.
struct LineLogHandler: LogHandler {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case logfmt, json
    }

    let format: Format
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    init(format: Format) {
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = [("level", Self.name(of: event.level)), ("msg", "\(event.message)")]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        fields += all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        LogQueue.standardError.append(Self.bytes(fields, as: format))
    }

    /// A line of these fields, with the time before them.
    static func bytes(_ fields: [(String, String)], as format: Format) -> [UInt8] {
        Array(line([("time", timestamp())] + fields, as: format).utf8)
    }

    private static func line(_ fields: [(String, String)], as format: Format) -> String {
        switch format {
        case .logfmt: fields.map { "\($0)=\(quotedIfNeeded($1))" }.joined(separator: " ") + "\n"
        case .json: "{" + fields.map { "\(quoted($0)):\(quoted($1))" }.joined(separator: ",") + "}\n"
        }
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy { $0 != " " && $0 != "=" && $0 != "\"" && $0 != "\\" && !isInvisible($0) }
        return isPlain ? text : quoted(text)
    }

    /// Quoting that is right for JSON is right for logfmt too.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where isInvisible(scalar):
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// What nobody sees, or what changes how the rest of the line is seen: a server may say anything.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    private static func name(of level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "debug"
        case .info, .notice: "info"
        case .warning: "warn"
        case .error, .critical: "error"
        }
    }

    /// RFC 3339 in UTC with milliseconds.
    private static func timestamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1))-\(padded(Int(parts.tm_mday)))"
        let time = "\(padded(Int(parts.tm_hour))):\(padded(Int(parts.tm_min))):\(padded(Int(parts.tm_sec)))"
        return "\(date)T\(time).\(padded(now.tv_nsec / 1_000_000, 3))Z"
    }
}
