#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What is fuzzed, by the names that `fuzz/run` takes: each gets an input, and ends the process when an invariant does not hold.
let targets: [String: @Sendable (Input) -> Void] = [
    "configuration": fuzzConfigurationFiles,
    "connection-strings": fuzzConnectionStrings,
    "headers": fuzzHeaders,
    "pages": fuzzPages,
    "patroni": fuzzPatroni,
    "rows": fuzzRows,
    "standby-names": fuzzStandbyNames,
    "wal-names": fuzzWALNames,
    "yaml-texts": fuzzYAMLTexts,
]

/// Chosen by the environment, as the command line belongs to libFuzzer.
private let target: @Sendable (Input) -> Void = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = targets[name] else { fatalError("FUZZ_TARGET must be one of: \(targets.keys.sorted().joined(separator: " "))") }
    return target
}()

/// libFuzzer calls this for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target(Input(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
