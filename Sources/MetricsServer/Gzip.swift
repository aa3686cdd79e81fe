import CZlib
import Synchronization

/// gzip as Content-Encoding wants it, with one compressor for all pages: setting one up costs as much as half a small page.
final class Gzip: Sendable {
    /// Level 2 costs a third of the default and loses little on a page of metrics.
    private static let level: Int32 = 2

    private let stream: Mutex<Stream?>

    init() {
        stream = Mutex(Stream(level: Self.level))
    }

    /// nil when zlib has no memory, so that the page goes out as it is.
    func compress(_ input: [UInt8]) -> [UInt8]? {
        stream.withLock { $0?.compress(input) ?? nil }
    }
}

/// A deflate stream on the heap, for zlib keeps its address.
private struct Stream: ~Copyable {
    private let state: UnsafeMutablePointer<z_stream>

    init?(level: Int32) {
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        let windowBitsWithGzipHeader: Int32 = 15 + 16
        let code = deflateInit2_(
            state,
            level,
            Z_DEFLATED,
            windowBitsWithGzipHeader,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard code == Z_OK else {
            state.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(state)
        state.deallocate()
    }

    func compress(_ input: [UInt8]) -> [UInt8]? {
        guard deflateReset(state) == Z_OK else { return nil }
        let bound = Int(deflateBound(state, UInt(input.count)))
        var isComplete = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            input.withUnsafeBufferPointer { source in
                state.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                state.pointee.avail_in = UInt32(source.count)
                state.pointee.next_out = target.baseAddress
                state.pointee.avail_out = UInt32(target.count)
                isComplete = deflate(state, Z_FINISH) == Z_STREAM_END
                count = Int(state.pointee.total_out)
            }
        }
        return isComplete ? output : nil
    }
}
