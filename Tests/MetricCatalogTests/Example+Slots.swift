import ReplicationModel

extension [Slot] {
    static var examples: [Slot] {
        [
            slot("gone", .physical, .lost, invalidationReason: .walRemoved, inactiveSince: 1_795_453_580.606408),
            slot("unused", .physical, nil, inactiveSince: 1_795_453_580.606873),
            slot("s1", .physical, .reserved, isActive: true, restart: 184_559_576, safe: 83_875_880, xminAge: 0, catalogXminAge: 19),
            slot(
                "orders_cdc",
                .logical,
                .reserved,
                plugin: "test_decoding",
                restart: 168_040_632,
                confirmed: 168_042_768,
                safe: 67_098_664,
                catalogXminAge: 17,
                isFailover: true,
                inactiveSince: 1_795_453_613.683403
            ),
            slot(
                "sub_app",
                .logical,
                .reserved,
                plugin: "pgoutput",
                restart: 168_040_632,
                confirmed: 168_043_144,
                safe: 67_098_664,
                catalogXminAge: 17,
                inactiveSince: 1_795_453_618.853272
            ),
            slot("pg_basebackup_20069", .physical, .reserved, isTemporary: true, isActive: true, restart: 184_549_376, safe: 83_875_880),
        ]
    }

    private static func slot(
        _ name: String,
        _ type: Slot.SlotType,
        _ status: Slot.WALStatus?,
        plugin: String? = nil,
        isTemporary: Bool = false,
        isActive: Bool = false,
        restart: Int64? = nil,
        confirmed: Int64? = nil,
        safe: Int64? = nil,
        xminAge: Int64? = nil,
        catalogXminAge: Int64? = nil,
        invalidationReason: Slot.InvalidationReason? = nil,
        isFailover: Bool = false,
        inactiveSince: Double? = nil
    ) -> Slot {
        Slot(
            name: name,
            type: type,
            plugin: plugin,
            database: plugin == nil ? nil : "postgres",
            isTemporary: isTemporary,
            isActive: isActive,
            walStatus: status,
            restart: restart.map(LSN.init),
            confirmedFlush: confirmed.map(LSN.init),
            safeWALBytes: safe,
            xminAge: xminAge,
            catalogXminAge: catalogXminAge,
            isTwoPhase: false,
            invalidationReason: invalidationReason,
            isFailover: isFailover,
            isSynced: false,
            inactiveSince: inactiveSince,
            current: LSN(184_559_576)
        )
    }
}

extension ServerSnapshot {
    mutating func addLogicalReplication() {
        slotStatistics = [("orders_cdc", 7, 134_804), ("sub_app", 9, 135_072)].map { name, transactions, bytes in
            SlotStatistics(
                name: name,
                spilledTransactions: 0,
                spilledBytes: 0,
                streamedTransactions: 0,
                streamedBytes: 0,
                decodedTransactions: transactions,
                decodedBytes: bytes
            )
        }
        slotSpill = [SlotSpill(name: "orders_cdc", bytes: 0), SlotSpill(name: "sub_app", bytes: 0)]
        subscriptions = [("sub_app", true), ("off", false)].map { name, isEnabled in
            Subscription(
                name: name,
                database: "app",
                isEnabled: isEnabled,
                isRunning: false,
                received: nil,
                latestEnd: nil,
                lastMessage: nil
            )
        }
        subscriptionTables = [
            SubscriptionTables(subscription: "off", database: "app", counts: [:]),
            SubscriptionTables(subscription: "sub_app", database: "app", counts: [.ready: 1]),
        ]
        let conflicts = SubscriptionStatistics.Conflict.allCases.filter { $0 != .updateDeleted }
        subscriptionStatistics = [
            SubscriptionStatistics(
                subscription: "sub_app",
                database: "app",
                applyErrors: 3,
                syncErrors: 0,
                conflicts: Dictionary(uniqueKeysWithValues: conflicts.map { ($0, $0 == .insertExists ? 3 : 0) })
            )
        ]
        replicationOrigins = 2
    }
}
