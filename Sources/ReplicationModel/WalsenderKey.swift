/// What names a walsender's series: application name, address and slot; without the numbers that tell passing ones apart, which are base
/// backups, workers that copy a table, and whoever is on a temporary slot that is not a standby's.
package struct WalsenderKey: Sendable, Hashable, Codable {
    package let applicationName: String
    /// nil over a Unix socket.
    package let clientAddress: String?
    package let slotName: String?

    /// - Parameters:
    ///   - slotIsTemporary: the slot ends with its session.
    ///   - isBackup: the walsender sends a base backup.
    package init(applicationName: String, clientAddress: String?, slotName: String?, slotIsTemporary: Bool, isBackup: Bool = false) {
        let slot = slotName.map { Slot.seriesName($0, isTemporary: slotIsTemporary) }
        let isPassing = isBackup || slotIsTemporary && slot != Self.standbysTemporarySlot || PassingName.isOfWorker(applicationName)
        self.applicationName = isPassing ? PassingName.withoutNumbers(applicationName) : applicationName
        self.clientAddress = clientAddress
        self.slotName = slot
    }

    /// The only temporary slot whose owner stays: a standby makes it for itself with wal_receiver_create_temp_slot.
    package static let standbysTemporarySlot = "pg_walreceiver"
}

extension Walsender {
    /// The key of the series that this walsender is told in.
    package var key: WalsenderKey {
        WalsenderKey(
            applicationName: applicationName,
            clientAddress: clientAddress,
            slotName: slotName,
            slotIsTemporary: slotIsTemporary,
            isBackup: state == .backup
        )
    }
}
