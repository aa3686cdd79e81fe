#if os(Linux)
    import Glibc
#endif

/// What other users of the machine see of our command line, in `ps` and `/proc/PID/cmdline`.
enum CommandLineSecret {
    /// Overwrites a word of the command line in the memory that the system shows it from: a part of one argument, or one as a whole.
    ///
    /// It was there for all to see from the start of the process until now. Elsewhere than on Linux it stays.
    static func hide(_ word: String) {
        #if os(Linux)
            // Where the C library has the first argument from; those of Swift are copies.
            let name = dlsym(nil, "program_invocation_name")?.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
            guard !word.isEmpty, var place = name?.pointee else { return }
            let mark = Array("***".utf8)
            for argument in CommandLine.arguments {
                let length = argument.utf8.count
                // The arguments follow each other, unless somebody has moved them.
                guard strncmp(place, argument, length + 1) == 0 else { return }
                if argument.hasSuffix(word) {
                    let start = place + length - word.utf8.count
                    for offset in 0..<word.utf8.count { start[offset] = offset < mark.count ? CChar(mark[offset]) : 0 }
                }
                place += length + 1
            }
        #endif
    }
}
