/// Text that must not be shown: prints as `***` wherever it ends up, in logs, dumps and failing tests alike.
///
/// Only `reveal()` gives the text, so that a search for it finds every place a secret goes.
package struct Secret: Sendable, Hashable {
    private let text: String

    /// Hides a text.
    package init(_ text: String) {
        self.text = text
    }

    /// The text itself, for libpq and nobody else.
    package func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `***`.
    package var description: String { "***" }
    /// Always `***`.
    package var debugDescription: String { "***" }
    /// A mirror without children, for `dump` and for what prints the values around a secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
