/// Ends the process, which libFuzzer takes for a finding, when something that must hold does not.
package func hold(_ condition: @autoclosure () -> Bool, _ what: @autoclosure () -> String, line: UInt = #line, file: StaticString = #fileID) {
    if !condition() { fatalError("does not hold: \(what())", file: file, line: line) }
}
