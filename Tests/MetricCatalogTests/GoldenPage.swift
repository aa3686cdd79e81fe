import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The recorded pages: one file each, written by the tests themselves.
enum GoldenPage {
    static let isRecording = getenv("PGWAL_RECORD_GOLDEN") != nil

    static func record(_ page: String, as name: String, file: String = #filePath) throws {
        let source = """
            // Written by GoldenPageTests.

            extension GoldenPage {
                static let \(name) = #\"""
            \(page.split(separator: "\n").map { "        \($0)\n" }.joined())
                    \"""#
            }

            """
        let directory = file.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let stream = fopen("\(directory)/GoldenPage+\(name).swift", "w")
        try #require(stream != nil)
        fputs(source, stream)
        fclose(stream)
    }
}
