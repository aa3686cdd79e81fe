/// Labels as they stand on a page, such as `target="a",slot_name="b"`: rendered and escaped once, then used for every metric of an object.
///
/// The order is kept as given. Names must differ from each other; values may be any text, and two different texts stay different.
package struct LabelSet: Sendable, Hashable {
    /// No labels.
    package static let empty = LabelSet([])

    let bytes: [UInt8]
    /// Computed here and not at each look-up: every sample of every page is checked for duplicates by it.
    let hash: Int

    /// Renders labels.
    package init(_ labels: [Label]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(labels.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 })
        for label in labels {
            Self.render(label, into: &bytes)
        }
        self.init(rendered: bytes)
    }

    /// Returns these labels followed by one more.
    package func appending(_ label: Label) -> LabelSet {
        appending(CollectionOfOne(label))
    }

    /// Returns these labels followed by others.
    package func appending(_ labels: some Collection<Label>) -> LabelSet {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(labels.reduce(self.bytes.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 })
        bytes += self.bytes
        for label in labels {
            Self.render(label, into: &bytes)
        }
        return LabelSet(rendered: bytes)
    }

    /// Whether there are no labels.
    package var isEmpty: Bool { bytes.isEmpty }

    package static func == (left: LabelSet, right: LabelSet) -> Bool {
        left.hash == right.hash && left.bytes == right.bytes
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
    }

    private init(rendered bytes: [UInt8]) {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        self.bytes = bytes
        self.hash = hasher.finalize()
    }

    private static func render(_ label: Label, into bytes: inout [UInt8]) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes += label.name.utf8
        bytes += [UInt8(ascii: "="), UInt8(ascii: "\"")]
        Escaping.labelValue.append(label.value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}

extension LabelSet: CustomStringConvertible {
    /// The labels as they stand on a page.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
