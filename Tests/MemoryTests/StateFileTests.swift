import Judgement
import Memory
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

struct StateFileTests {
    private let folder: String = {
        var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/pgwal-state-XXXXXX".utf8CString)
        return template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    }()

    private var path: String { folder + "/state" }

    private func put(_ bytes: [UInt8]) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        _ = write(file, bytes, bytes.count)
        close(file)
    }

    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    @Test("What is written is there whole, with rights for its owner alone, and nothing is left beside it")
    func written() throws {
        let bytes = StateWriting.bytes(of: richState(isComplete: true))
        let file = StateFile(path)
        guard case .missing = file.load() else { throw Unexpected() }
        try file.write { append in
            for byte in bytes.prefix(10) { try append([byte]) }; try append(Array(bytes.dropFirst(10)))
        }
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(!exists(path + ".new"))
        guard case .whole(let read) = StateFile(path).load() else { throw Unexpected() }
        #expect(read.targets == richState().targets)
    }

    @Test("A writing that is broken off leaves the former file")
    func brokenOff() throws {
        let bytes = StateWriting.bytes(of: richState())
        let file = StateFile(path)
        try file.write { try $0(bytes) }
        #expect(throws: Unexpected.self) {
            try file.write { append in
                try append(Array(bytes.prefix(100)))
                throw Unexpected()
            }
        }
        guard case .whole = StateFile(path).load() else { throw Unexpected() }
        // Killed in the middle: what lies beside it is written over.
        let beside = open(path + ".new", O_WRONLY | O_CREAT, 0o600)
        close(beside)
        try file.write { try $0(bytes) }
        guard case .whole = StateFile(path).load() else { throw Unexpected() }
    }

    @Test("A broken file is used as far as it is whole, and kept aside; so is one of a later version, which is not used")
    func aside() throws {
        let bytes = StateWriting.bytes(of: richState())
        put(Array(bytes.dropLast(50)))
        guard case .damaged(let state, _, let kept) = StateFile(path).load() else { throw Unexpected() }
        #expect(state?.fleet.systems.isEmpty == false)
        #expect(kept == "it is kept as \(path).aside")
        #expect(exists(path + ".aside") && !exists(path))
        put(Array("pgwal_exporter state 9\n".utf8))
        guard case .damaged(nil, _, _) = StateFile(path).load() else { throw Unexpected() }
        #expect(exists(path + ".aside") && !exists(path))
    }

    @Test("A file that is none of ours is neither moved nor written over; one of zeros is what a power failure leaves")
    func foreign() throws {
        put(Array("targets: []\n".utf8))
        let file = StateFile(path)
        guard case .damaged(nil, _, _) = file.load() else { throw Unexpected() }
        #expect(throws: StateFile.Failure.self) { try file.write { try $0([1]) } }
        #expect(exists(path) && !exists(path + ".aside"))
        put([UInt8](repeating: 0, count: 4096))
        guard case .damaged(nil, _, _) = StateFile(path).load() else { throw Unexpected() }
        #expect(exists(path + ".aside"))
    }

    @Test("Of two that would write one file, the second does not; once the first is gone, it does")
    func twoProcesses() throws {
        let bytes = StateWriting.bytes(of: richState())
        var first: StateFile? = StateFile(path)
        try first?.write { try $0(bytes) }
        let second = StateFile(path)
        guard case .whole = second.load() else { throw Unexpected() }
        #expect(throws: StateFile.Failure.self) { try second.write { try $0(bytes) } }
        first = nil
        try second.write { try $0(bytes) }
    }

    @Test("What cannot be read or written says why")
    func refused() throws {
        mkfifo(path, 0o600)
        let pipe = StateFile(path)
        guard case .unreadable(let reason) = pipe.load() else { throw Unexpected() }
        #expect(reason == "it is no regular file")
        #expect(throws: StateFile.Failure.self) { try pipe.write { try $0([1]) } }
        let nowhere = StateFile(folder + "/missing/state")
        guard case .missing = nowhere.load() else { throw Unexpected() }
        #expect(throws: StateFile.Failure.self) { try nowhere.write { try $0([1]) } }
    }

    private struct Unexpected: Error {}
}
