import ReplicationModel

/// `GET /config`: the dynamic configuration as it was written, so any key may be absent, null or odd.
struct SettingsAnswer: Readable, Hashable {
    static let kind = "an object"
    var settings: PatroniSettings

    private struct Fields: Decodable {
        var oldestSlots: Lenient<Named<SlotAnswer>>?
        var olderSlots: Lenient<Named<SlotAnswer>>?
        var slots: Lenient<Named<SlotAnswer>>?
        var ignoredSlots: Lenient<Few<Matcher>>?
        var standbyCluster: Lenient<StandbyAnswer>?
        var postgresql: Lenient<PostgreSQL>?
        var memberSlotsTTL: Lenient<Span>?

        enum CodingKeys: String, CodingKey {
            case slots, postgresql
            case oldestSlots = "permanent_replication_slots"
            case olderSlots = "permanent_slots"
            case ignoredSlots = "ignore_slots"
            case standbyCluster = "standby_cluster"
            case memberSlotsTTL = "member_slots_ttl"
        }
    }

    private struct Matcher: Readable {
        static let kind = "an object"
        var name: Lenient<Name>?
    }

    private struct PostgreSQL: Readable {
        static let kind = "an object"
        var usesSlots: Lenient<Flag>?
        var usesPgRewind: Lenient<Flag>?

        enum CodingKeys: String, CodingKey {
            case usesSlots = "use_slots"
            case usesPgRewind = "use_pg_rewind"
        }
    }

    init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        settings = PatroniSettings()
        // The older names win, as in Patroni's global_config.py; what is empty counts as absent there.
        let slots = [fields.oldestSlots, fields.olderSlots, fields.slots].compactMap { $0?.value?.entries }
        settings.permanentSlots = (slots.first { !$0.isEmpty } ?? []).map { name, slot in
            PatroniSettings.PermanentSlot(name: name, type: slot.type, clusterType: slot.clusterType)
        }
        settings.ignoredSlots = fields.ignoredSlots?.value?.elements.compactMap { $0.name?.value?.text } ?? []
        settings.standbyCluster = fields.standbyCluster?.value?.cluster
        let postgresql = fields.postgresql?.value
        settings.usesSlots = postgresql?.usesSlots?.value?.isOn ?? true
        if let seconds = fields.memberSlotsTTL?.value?.seconds { settings.memberSlotsTTLSeconds = seconds }
        settings.usesPgRewind = postgresql?.usesPgRewind?.value?.isOn ?? false
    }
}

/// Null and an empty object mean a physical slot; without a type, a database and a plugin make it a logical one.
private struct SlotAnswer: Readable {
    static let kind = "an object"
    var type: Slot.SlotType
    var clusterType: String?

    private struct Fields: Decodable {
        var type: Lenient<Word>?
        var database: Lenient<Name>?
        var plugin: Lenient<Name>?
        var clusterType: Lenient<Word>?

        enum CodingKeys: String, CodingKey {
            case type, database, plugin
            case clusterType = "cluster_type"
        }
    }

    init(from decoder: any Decoder) throws {
        if try decoder.singleValueContainer().decodeNil() {
            type = .physical
            return
        }
        let fields = try Fields(from: decoder)
        clusterType = fields.clusterType?.value?.text
        guard let given = fields.type else {
            type = fields.database?.value != nil && fields.plugin?.value != nil ? .logical : .physical
            return
        }
        // Of which type it is, is nobody's guess.
        guard let type = (given.value?.text).flatMap(Slot.SlotType.init) else { throw AnswerError("type: neither physical nor logical") }
        self.type = type
    }
}

/// A section without a host, a port or a restore_command makes no standby cluster.
private struct StandbyAnswer: Readable {
    static let kind = "an object"
    var cluster: PatroniSettings.StandbyCluster?

    private struct Fields: Decodable {
        var host: Lenient<Hosts>?
        var port: Lenient<Ports>?
        var restoreCommand: Lenient<Command>?
        var slotName: Lenient<Name>?

        enum CodingKeys: String, CodingKey {
            case host, port
            case restoreCommand = "restore_command"
            case slotName = "primary_slot_name"
        }
    }

    private struct Command: Readable {
        static let kind = "a string"
        let isEmpty: Bool

        init(from decoder: any Decoder) throws {
            isEmpty = try decoder.singleValueContainer().decode(String.self).isEmpty
        }
    }

    init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        let hosts = fields.host?.value
        let ports = fields.port?.value?.numbers ?? []
        let hasHost = fields.host != nil && hosts?.names.isEmpty != true
        let hasCommand = fields.restoreCommand != nil && fields.restoreCommand?.value?.isEmpty != true
        // A key that is there and odd says as well that it is a standby cluster.
        guard hasHost || fields.port != nil || hasCommand else { return }
        if let hosts, !ports.isEmpty, ServerAddress.pairs(hosts.names, ports) == nil {
            decoder.note("expected as many ports as hosts, or one for all")
        }
        let slotName = fields.slotName?.value?.text
        cluster = .init(host: hasHost ? hosts?.text : nil, ports: ports, slotName: slotName?.isEmpty == false ? slotName : nil)
    }
}
