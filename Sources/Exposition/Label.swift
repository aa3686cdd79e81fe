/// One name and value beside a number.
package struct Label: Sendable, Hashable {
    /// The label's name: a legal Prometheus label name. It comes from the program or from a checked configuration, never from a server.
    package let name: String
    /// The label's value: any text whatever, as servers let their users name things as they please.
    package let value: String

    /// Creates a label.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
