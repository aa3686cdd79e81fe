#if os(Linux)
    import Glibc
#endif

/// The pages of the program that only its start needed.
enum StartupPages {
    /// Unmaps the program's code, to be mapped again page by page as it is used.
    ///
    /// The start touches most of the program once: conformance tables, the command line, the libraries' set-up. The kernel maps 64 KiB
    /// around each touch, and all of it counts as resident for good, though a scrape needs a third of it. Nothing is lost: code is never
    /// written to, and stays in the page cache.
    static func release() {
        #if os(Linux)
            for (start, end) in codeOfThisProgram() {
                madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_DONTNEED)
            }
        #endif
    }

    #if os(Linux)
        /// Mappings of the executable file that can be executed, and so cannot be written to.
        private static func codeOfThisProgram() -> [(start: UInt, end: UInt)] {
            guard let file = fopen("/proc/self/maps", "re") else { return [] }
            defer { fclose(file) }
            guard let program = pathOfThisProgram() else { return [] }
            var found: [(start: UInt, end: UInt)] = []
            var line: UnsafeMutablePointer<CChar>?
            var capacity = 0
            defer { free(line) }
            while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
                // 55d0c0a00000-55d0c2000000 r-xp 00000000 fe:00 1234   /usr/bin/pgwal_exporter
                let fields = text.split(separator: " ", maxSplits: 5)
                guard fields.count == 6, fields[1] == "r-xp", fields[5].drop(while: { $0 == " " }).dropLast() == program else { continue }
                let range = fields[0].split(separator: "-")
                guard range.count == 2, let start = UInt(range[0], radix: 16), let end = UInt(range[1], radix: 16), end > start else { continue }
                found.append((start, end))
            }
            return found
        }

        private static func pathOfThisProgram() -> String? {
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
                guard let base = buffer.baseAddress else { return nil }
                let length = readlink("/proc/self/exe", base, buffer.count)
                return length > 0 ? String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
            }
        }
    #endif
}
