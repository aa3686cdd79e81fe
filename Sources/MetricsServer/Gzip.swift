import CZlib

/// gzip as Content-Encoding wants it.
enum Gzip {
    /// Level 3 costs a third of the default and loses little on a page of metrics.
    private static let level: Int32 = 3

    /// nil when zlib has no memory, so that the page goes out as it is.
    static func compress(_ input: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        let windowBitsWithGzipHeader: Int32 = 15 + 16
        guard
            deflateInit2_(
                &stream,
                level,
                Z_DEFLATED,
                windowBitsWithGzipHeader,
                8,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)
            ) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }

        let bound = Int(deflateBound(&stream, UInt(input.count)))
        var isComplete = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            input.withUnsafeBufferPointer { source in
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                isComplete = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = Int(stream.total_out)
            }
        }
        return isComplete ? output : nil
    }
}
