internal import YAMLTree

/// The durations that a setting may have.
struct DurationLimit: Sendable {
    var range: ClosedRange<Duration>
    /// Whether zero, outside of the range, switches the thing off.
    var allowsZero = false

    /// What is wrong with a duration, or nil.
    func complaint(about duration: Duration) -> String? {
        if range.contains(duration) || (allowsZero && duration == .zero) { return nil }
        let bounds = "\(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound))"
        return "expected \(bounds)\(allowsZero ? ", or 0 for never" : ""), got \(DurationText.format(duration))"
    }
}

extension PatroniConfiguration {
    /// What the file may ask for.
    enum Limits {
        static let timeout = DurationLimit(range: .milliseconds(100) ... .seconds(30))
        static let interval = DurationLimit(range: .seconds(1) ... .seconds(300))
        static let maximumMembers = 1...1000
    }
}

extension CollectionConfiguration {
    /// What the file and the flags may ask for.
    enum Limits {
        static let timeout = DurationLimit(range: .milliseconds(1) ... .seconds(300))
        static let directoryInterval = DurationLimit(range: .seconds(1) ... .seconds(86_400))
        static let lsnSampleInterval = DurationLimit(range: .milliseconds(100) ... .seconds(86_400), allowsZero: true)
    }
}
