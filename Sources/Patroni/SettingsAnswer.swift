import ReplicationModel

/// `GET /config`: the dynamic configuration as it was written, so any key may be absent or null.
struct SettingsAnswer: Hashable {
    var settings: PatroniSettings

    init(_ reader: JSONReader) throws(AnswerError) {
        let object = try reader.object()
        settings = PatroniSettings()
        // The older names win, as in Patroni's global_config.py; what is empty counts as absent there.
        for key in ["permanent_replication_slots", "permanent_slots", "slots"] {
            guard settings.permanentSlots.isEmpty, let slots = try object.optional(key)?.object() else { continue }
            for (name, slot) in slots.sorted(by: { $0.key < $1.key }) { settings.permanentSlots.append(try Self.slot(name, slot)) }
        }
        for matcher in try object.optional("ignore_slots")?.array() ?? [] {
            if let name = try matcher.object().optional("name")?.string() { settings.ignoredSlots.append(name) }
        }
        settings.standbyCluster = try Self.standbyCluster(object.optional("standby_cluster"))
        let postgresql = try object.optional("postgresql")?.object() ?? [:]
        settings.usesSlots = try postgresql.optional("use_slots")?.bool() ?? true
        settings.usesPgRewind = try postgresql.optional("use_pg_rewind")?.bool() ?? false
    }

    /// Null and an empty object mean a physical slot; without a type, a database and a plugin make it a logical one.
    private static func slot(_ name: String, _ reader: JSONReader) throws(AnswerError) -> PatroniSettings.PermanentSlot {
        let object = try reader.present?.object() ?? [:]
        let isLogical = object.optional("database") != nil && object.optional("plugin") != nil
        var slot = PatroniSettings.PermanentSlot(name: name, type: isLogical ? .logical : .physical)
        if let text = object.optional("type") {
            guard let type = Slot.SlotType(rawValue: try text.string()) else { throw AnswerError("\(text.path): neither physical nor logical") }
            slot.type = type
        }
        slot.clusterType = try object.optional("cluster_type")?.string()
        return slot
    }

    /// A section without a host, a port or a restore_command makes no standby cluster.
    private static func standbyCluster(_ reader: JSONReader?) throws(AnswerError) -> PatroniSettings.StandbyCluster? {
        guard let object = try reader?.object() else { return nil }
        let host = try object.optional("host")?.string()
        let port = try object.optional("port")?.port()
        let restoreCommand = try object.optional("restore_command")?.string()
        guard host?.isEmpty == false || port != nil || restoreCommand?.isEmpty == false else { return nil }
        let slotName = try object.optional("primary_slot_name")?.string()
        return PatroniSettings.StandbyCluster(
            host: host?.isEmpty == false ? host : nil,
            port: port,
            slotName: slotName?.isEmpty == false ? slotName : nil
        )
    }
}
