/// What names a walsender's series: application name, address and slot, the slot without a pid that the server put into its name.
package struct WalsenderKey: Sendable, Hashable {
    package let applicationName: String
    /// nil over a Unix socket.
    package let clientAddress: String?
    package let slotName: String?

    package init(applicationName: String, clientAddress: String?, slotName: String?, slotIsTemporary: Bool) {
        self.applicationName = applicationName
        self.clientAddress = clientAddress
        self.slotName = slotName.map { slotIsTemporary ? Slot.nameWithoutPID($0) : $0 }
    }
}

extension Walsender {
    /// The key of the series that this walsender is told in.
    package var key: WalsenderKey {
        WalsenderKey(applicationName: applicationName, clientAddress: clientAddress, slotName: slotName, slotIsTemporary: slotIsTemporary)
    }
}
