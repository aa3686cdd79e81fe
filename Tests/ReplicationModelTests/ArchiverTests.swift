import ReplicationModel
import Testing

struct ArchiverTests {
    @Test("An archiver fails when its last try failed, when none ever succeeded, or when there is no way to archive")
    func isFailing() {
        // 0 archived, 18 failed: looks healthy wherever only ages are compared.
        #expect(archiver(failed: 18, lastFailed: 1_795_453_211).isFailing)
        #expect(archiver(archived: 3, failed: 1, lastArchived: 100, lastFailed: 101).isFailing)
        #expect(archiver(lacksCommand: true).isFailing)
        #expect(archiver(archived: 3, lastArchived: 100, lacksCommand: true).isFailing)
    }

    @Test("An archiver that has recovered, never failed, or had nothing to do yet does not fail")
    func isNotFailing() {
        #expect(!archiver(archived: 4, failed: 1, lastArchived: 102, lastFailed: 101).isFailing)
        #expect(!archiver(archived: 3, lastArchived: 1_795_453_211.072126).isFailing)
        #expect(!archiver().isFailing)
    }

    @Test("The archive's lag begins at the end of the last archived segment")
    func lag() {
        let archiver = archiver(archived: 11, lastFile: "00000001000000000000000A", lastArchived: 1)
        #expect(archiver.lagBytes(current: LSN(184_559_576), segmentBytes: 16 << 20) == 10_200)
        #expect(archiver.lagBytes(current: LSN(0xA00_0001), segmentBytes: 16 << 20) == 0)
    }

    @Test(
        "There is no lag to tell where the last file was no segment, or there was none",
        arguments: ["000000010000000000000002.00000028.backup", "00000002.history", "000000010000000000000002.partial", nil]
    )
    func noLag(file: String?) {
        #expect(archiver(archived: 1, lastFile: file, lastArchived: 1).lagBytes(current: LSN(50_610_896), segmentBytes: 16 << 20) == nil)
    }

    @Test("Files that wait while nothing is archived show that it stands still, with or without a failure")
    func isStalled() {
        func isStalled(waits: Double?, lastArchived: Double? = nil, failed: Int64 = 0) -> Bool? {
            var snapshot = ServerSnapshot(
                identity: ServerIdentity(
                    versionNumber: 150018,
                    version: "15.18",
                    systemIdentifier: "1",
                    clusterName: "",
                    address: nil,
                    postmasterStart: 1,
                    walSegmentBytes: 16 << 20
                ),
                role: .primary
            )
            snapshot.archiver = archiver(failed: failed, lastArchived: lastArchived)
            snapshot.archiveStatus = ArchiveStatus(ready: waits == nil ? 0 : 3, oldestReady: waits.map { 1_000 - $0 }, readAt: 1_000)
            return snapshot.isArchiverStalled
        }
        #expect(isStalled(waits: 61) == true)
        #expect(isStalled(waits: 61, lastArchived: 939) == true)
        #expect(isStalled(waits: 600, lastArchived: 941) == false, "one after the other")
        #expect(isStalled(waits: 600, lastArchived: 1_010) == false, "gone since the listing")
        #expect(isStalled(waits: 60) == false && isStalled(waits: nil) == false && isStalled(waits: nil, lastArchived: 10) == false)
        var unknown = ServerSnapshot(
            identity: ServerIdentity(
                versionNumber: 150018,
                version: "15.18",
                systemIdentifier: "1",
                clusterName: "",
                address: nil,
                postmasterStart: 1,
                walSegmentBytes: 16 << 20
            ),
            role: .primary
        )
        unknown.archiver = archiver()
        #expect(unknown.isArchiverStalled == nil)
    }

    private func archiver(
        archived: Int64 = 0,
        failed: Int64 = 0,
        lastFile: String? = nil,
        lastArchived: Double? = nil,
        lastFailed: Double? = nil,
        lacksCommand: Bool = false
    ) -> Archiver {
        Archiver(
            archived: archived,
            failed: failed,
            lastArchivedFile: lastFile,
            lastArchived: lastArchived,
            lastFailed: lastFailed,
            lacksCommand: lacksCommand
        )
    }
}
