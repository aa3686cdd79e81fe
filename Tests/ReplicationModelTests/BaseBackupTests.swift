import ReplicationModel
import Testing

struct BaseBackupTests {
    @Test("Two backups of one name and address are told as one: bytes added up, the less advanced phase")
    func folds() {
        let first = backup(phase: .transferringWAL, streamed: 245_760, total: 31_661_568)
        let second = backup(phase: .streamingFiles, streamed: 1_000, total: 31_661_568)
        let expected = backup(phase: .streamingFiles, streamed: 246_760, total: 63_323_136)
        #expect(BaseBackup.folding([first, second]) == [expected])
        #expect(BaseBackup.folding([second, first]) == [expected])
    }

    @Test("A sum of estimates is no estimate when one of them is missing")
    func missingEstimate() {
        let estimated = backup(phase: .streamingFiles, streamed: 10, total: 100)
        let unestimated = backup(phase: .streamingFiles, streamed: 20, total: nil)
        for backups in [[estimated, unestimated], [unestimated, estimated]] {
            #expect(BaseBackup.folding(backups) == [backup(phase: .streamingFiles, streamed: 30, total: nil)])
        }
    }

    @Test("Backups of different clients stay apart")
    func keepsClientsApart() {
        let backups = [backup(), backup(address: "10.77.1.12"), backup(name: "barman")]
        #expect(BaseBackup.folding(backups) == backups)
    }

    private func backup(
        name: String = "pg_basebackup",
        address: String? = nil,
        phase: BaseBackup.Phase = .initializing,
        streamed: Int64 = 0,
        total: Int64? = nil
    ) -> BaseBackup {
        BaseBackup(applicationName: name, clientAddress: address, phase: phase, streamedBytes: streamed, totalBytes: total)
    }
}
