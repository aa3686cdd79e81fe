import ReplicationModel
import Testing

/// No number that a server may say ends the process.
struct ArithmeticTests {
    private static let edges: [Int64] = [.min, .min + 1, -1, 0, 1, 2, .max - 1, .max]

    @Test("Sums, differences and products stop at the largest and smallest number", arguments: edges, edges)
    func saturates(left: Int64, right: Int64) {
        // Exact in 128 bits, then brought into range.
        func nearest(_ exact: Int128) -> Int64 { Int64(clamping: exact) }
        #expect(left +| right == nearest(Int128(left) + Int128(right)))
        #expect(left -| right == nearest(Int128(left) - Int128(right)))
        #expect(left *| right == nearest(Int128(left) * Int128(right)))
    }

    @Test("A quotient that there is none of is nil")
    func quotients() {
        #expect((7 as Int64).divided(by: 2) == 3)
        #expect((7 as Int64).divided(by: 0) == nil)
        #expect(Int64.min.divided(by: -1) == nil)
    }

    @Test("Positions stay in range")
    func positions() {
        #expect(LSN(.max).advanced(by: 1) == LSN(.max))
        #expect(LSN(.max).distance(from: LSN(.min)) == .max && LSN(.min).distance(from: LSN(.max)) == .min)
        #expect(LSN(.min).lag(of: LSN(.max)) == 0)
    }

    @Test("Only a power of two from 1 MiB to 1 GiB is a segment's size", arguments: [0, 1, -1, 1 << 19, 3 << 20, 1 << 31, .max, .min] as [Int64])
    func impossibleSegments(bytes: Int64) {
        #expect(!WALSegmentSize.isPossible(bytes))
        #expect(WALSegmentSize.segmentsPerLog(of: bytes) == 0)
        #expect(WALSegmentName("000000010000000000000001", segmentBytes: bytes) == nil)
    }

    @Test("Every size that initdb offers is possible", arguments: 20...30)
    func possibleSegments(exponent: Int64) {
        #expect(WALSegmentSize.isPossible(1 << exponent))
        #expect(WALSegmentSize.segmentsPerLog(of: 1 << exponent) == 1 << (32 - exponent))
    }

    @Test("Two backups that claim to have streamed all there can be have streamed no less together")
    func backups() {
        let one = BaseBackup(applicationName: "b", clientAddress: nil, phase: .streamingFiles, streamedBytes: .max, totalBytes: .max)
        let folded = BaseBackup.folding([one, one])
        #expect(folded.map(\.streamedBytes) == [.max] && folded.map(\.totalBytes) == [.max])
    }
}
