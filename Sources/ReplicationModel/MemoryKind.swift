/// The kinds of things that the exporter remembers by the name that a server gives them. The raw value is the label `kind`.
package enum MemoryKind: String, Sendable, Hashable, CaseIterable {
    /// The histogram of each walsender's replay age.
    case walsender
    /// What became of each slot.
    case slot
}
