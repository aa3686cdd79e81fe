import ReplicationModel
import Testing

struct SlotTests {
    private let current = LSN(184_559_576)

    @Test("A slot retains what lies between its restart_lsn and the end of WAL")
    func retained() {
        #expect(slot(.reserved, restart: 168_040_632).retainedBytes == 16_518_944)
        #expect(slot(.unreserved, restart: 168_040_632).retainedBytes == 16_518_944)
        #expect(slot(.extended, restart: 168_040_632).retainedBytes == 16_518_944)
    }

    @Test("A slot whose restart_lsn is ahead of the end of WAL retains nothing, not less")
    func retainedIsNeverNegative() {
        #expect(slot(.reserved, restart: 184_559_577).retainedBytes == 0)
    }

    @Test("A slot that never reserved WAL retains none: no number instead of 0")
    func neverReserved() {
        #expect(slot(nil, restart: nil).retainedBytes == nil)
        #expect(!slot(nil, restart: nil).isInvalidated)
    }

    @Test("A lost slot retains none: no number instead of 0")
    func lost() {
        let slot = slot(.lost, restart: nil, reason: .walRemoved)
        #expect(slot.isInvalidated)
        #expect(slot.retainedBytes == nil)
    }

    @Test("Before 17 there is no reason, but a lost slot is invalidated all the same")
    func lostWithoutReason() {
        #expect(slot(.lost, restart: nil).isInvalidated)
    }

    @Test("A slot invalidated for idleness still shows its restart_lsn, and yet holds nothing", arguments: [nil, Slot.WALStatus.lost, .reserved])
    func idleTimeout(status: Slot.WALStatus?) {
        let slot = slot(status, restart: 168_040_632, confirmed: 168_042_768, reason: .idleTimeout)
        #expect(slot.isInvalidated)
        #expect(slot.retainedBytes == nil)
        #expect(slot.confirmedFlushLagBytes == nil)
    }

    @Test("What a logical consumer has not confirmed is told while nobody is connected: that is when it matters")
    func confirmedFlushWhileInactive() {
        let slot = slot(.reserved, restart: 168_040_632, confirmed: 168_042_768, isActive: false)
        #expect(slot.confirmedFlushLagBytes == 16_516_808)
    }

    @Test("A physical slot has nothing to confirm")
    func physicalConfirmsNothing() {
        #expect(slot(.reserved, restart: 168_040_632).confirmedFlushLagBytes == nil)
    }

    @Test("A slot past its limit is about to be lost, whatever the server calls it, and no other is")
    func aboutToBeLost() {
        func isEndangered(_ status: Slot.WALStatus?, safe: Int64?) -> Bool {
            var slot = slot(status, restart: status == .lost ? nil : 168_040_632)
            slot.safeWALBytes = safe
            return slot.isAboutToBeLost
        }
        #expect(isEndangered(.unreserved, safe: -16 << 20))
        #expect(isEndangered(.reserved, safe: -64 << 20), "summarize_wal keeps the WAL a while")
        #expect(isEndangered(.extended, safe: 0))
        #expect(!isEndangered(.reserved, safe: 1) && !isEndangered(.reserved, safe: nil) && !isEndangered(.extended, safe: 64 << 20))
        #expect(!isEndangered(.lost, safe: nil) && !isEndangered(nil, safe: nil))
    }

    @Test("A failover slot is ready when it is synchronized, kept and valid")
    func failoverReady() {
        #expect(failoverSlot().isFailoverReady == true)
        #expect(failoverSlot(isSynced: false).isFailoverReady == false)
        #expect(failoverSlot(isTemporary: true).isFailoverReady == false)
        #expect(failoverSlot(status: .lost).isFailoverReady == false)
        #expect(failoverSlot(reason: .rowsRemoved).isFailoverReady == false)
        var behind = failoverSlot()
        behind.syncSkipReason = .walNotFlushed
        #expect(behind.isFailoverReady == false, "the consumer has what this standby has not")
    }

    @Test("Readiness is not asked of slots that are not to be synchronized, nor before 17")
    func failoverReadinessUnknown() {
        #expect(failoverSlot(isFailover: false).isFailoverReady == nil)
        #expect(failoverSlot(isFailover: nil, isSynced: nil).isFailoverReady == nil)
    }

    private func slot(
        _ status: Slot.WALStatus?,
        restart: Int64?,
        confirmed: Int64? = nil,
        reason: Slot.InvalidationReason? = nil,
        isActive: Bool = false
    ) -> Slot {
        Slot(
            name: "orders_cdc",
            type: confirmed == nil ? .physical : .logical,
            isActive: isActive,
            walStatus: status,
            restart: restart.map(LSN.init),
            confirmedFlush: confirmed.map(LSN.init),
            invalidationReason: reason,
            current: current
        )
    }

    private func failoverSlot(
        status: Slot.WALStatus = .reserved,
        isFailover: Bool? = true,
        isSynced: Bool? = true,
        isTemporary: Bool = false,
        reason: Slot.InvalidationReason? = nil
    ) -> Slot {
        Slot(
            name: "orders_cdc",
            type: .logical,
            isTemporary: isTemporary,
            walStatus: status,
            restart: LSN(150_994_984),
            invalidationReason: reason,
            isFailover: isFailover,
            isSynced: isSynced,
            current: current
        )
    }
}
