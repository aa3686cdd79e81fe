/// Writes lines of samples into memory that is known to be large enough.
///
/// This is the one place that works with pointers. Appending the pieces to an array one by one checks its capacity and its uniqueness ten times
/// a line, which took most of the time of a large page.
struct LineWriter: ~Copyable {
    private(set) var position: UnsafeMutablePointer<UInt8>
    private let end: UnsafeMutablePointer<UInt8>

    /// `memory` must outlive the writer and have room for the ``bound(name:labels:extra:)`` of every line written.
    init(_ memory: UnsafeMutableBufferPointer<UInt8>, from start: Int) {
        let base = memory.baseAddress!
        self.position = base + start
        self.end = base + memory.count
    }

    /// How many bytes a line takes at most.
    static func bound(name: [UInt8], labels: LabelSet, extra: LabelSet?) -> Int {
        let punctuation = 5  // {,} and the space and the newline
        return name.count + labels.bytes.count + (extra?.bytes.count ?? 0) + punctuation + longestNumber
    }

    mutating func write(name: [UInt8], labels: LabelSet, extra: LabelSet?, value: Double) {
        write(name)
        let hasExtra = extra.map { !$0.isEmpty } ?? false
        if !labels.isEmpty || hasExtra {
            write(UInt8(ascii: "{"))
            write(labels.bytes)
            if let extra, hasExtra {
                if !labels.isEmpty { write(UInt8(ascii: ",")) }
                write(extra.bytes)
            }
            write(UInt8(ascii: "}"))
        }
        write(UInt8(ascii: " "))
        write(value)
        write(UInt8(ascii: "\n"))
        assert(position <= end, "a line is longer than its bound")
    }

    mutating func write(_ byte: UInt8) {
        position.initialize(to: byte)
        position += 1
    }

    /// Takes the next bytes as written: for numbers, whose digits are written from the last to the first.
    mutating func advance(by count: Int) {
        position += count
    }

    mutating func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            position.update(from: base, count: source.count)
            position += source.count
        }
    }
}

extension [UInt8] {
    /// Appends what `body` writes, for which it gets room for `bound` bytes.
    mutating func append(atMost bound: Int, _ body: (inout LineWriter) -> Void) {
        let start = count
        append(contentsOf: repeatElement(0, count: bound))
        let used = withUnsafeMutableBufferPointer { memory in
            var writer = LineWriter(memory, from: start)
            body(&writer)
            return memory.baseAddress!.distance(to: writer.position)
        }
        removeLast(count - used)
    }
}
