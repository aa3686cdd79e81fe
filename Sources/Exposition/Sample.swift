/// One number with the labels that tell it from its siblings.
package struct Sample: Sendable {
    /// The labels, usually shared by many metrics of one object.
    package var labels: LabelSet
    /// One more label, such as `wal_status="lost"`, that follows `labels` on the page.
    ///
    /// It is apart so that a state set of seven states does not render seven label sets for each of a thousand slots: the state's label is one
    /// value shared by all of them.
    package var state: LabelSet?
    /// The number.
    package var value: Double

    /// Creates a sample.
    package init(labels: LabelSet, state: LabelSet? = nil, value: Double) {
        self.labels = labels
        self.state = state
        self.value = value
    }
}
