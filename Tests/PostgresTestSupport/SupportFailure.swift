/// Something that the harness could not do: a server that did not start, a condition that did not come true.
package struct SupportFailure: Error, CustomStringConvertible {
    /// What happened, with the evidence (last value seen, tail of the log).
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
