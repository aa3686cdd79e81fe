import CZlib
import Testing

@testable import MetricsServer

struct GzipTests {
    @Test("What was compressed comes back, also what cannot be made smaller", arguments: [0, 1, 2, 100, 65_535, 65_536])
    func roundTrip(count: Int) throws {
        var random = SplitMix64(state: 7)
        let noise = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let compressed = try #require(Gzip().compress(noise))
        #expect(compressed.prefix(3) == [0x1F, 0x8B, 8])
        #expect(try inflated(compressed, atMost: count + 1) == noise)
    }

    @Test("A page of 5 MB comes back")
    func largePage() throws {
        let line = Array("pgwal_slot_active{target=\"a\",slot_name=\"s\"} 1\n".utf8)
        let page = [UInt8](repeatElement(line, count: (5 << 20) / line.count).joined())
        let compressed = try #require(Gzip().compress(page))
        #expect(try inflated(compressed, atMost: page.count + 1) == page)
    }

    @Test("A page of metrics becomes much smaller")
    func ratio() throws {
        let page = Array(repeatElement("pgwal_slot_active{target=\"a\",slot_name=\"s\"} 1\n", count: 2_000).joined().utf8)
        let compressed = try #require(Gzip().compress(page))
        #expect(compressed.count * 20 < page.count)
    }

    /// zlib's own decoder, for gzip only, and for the whole of it.
    private func inflated(_ input: [UInt8], atMost limit: Int) throws -> [UInt8] {
        var stream = z_stream()
        let gzipOnly: Int32 = 15 + 16
        try #require(inflateInit2_(&stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: limit)
        var (input, code) = (input, Z_OK)
        input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                code = inflate(&stream, Z_FINISH)
            }
        }
        #expect(code == Z_STREAM_END)
        #expect(stream.avail_in == 0)
        return Array(output.prefix(Int(stream.total_out)))
    }
}

private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
