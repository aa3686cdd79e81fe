import ReplicationModel
import Testing

struct PassingNameTests {
    @Test(
        "Parts that are numbers are left out, and what stood before them",
        arguments: [
            ("pg_basebackup_20069", "pg_basebackup"),
            ("pg_walreceiver_4711_815", "pg_walreceiver"),
            ("pg_16395_sync_16386_7711414404705161623", "pg_sync"),
            ("orders_16395_sync_16386", "orders_sync"),
            ("backup-2026-11-25", "backup"),
            ("4711_nightly", "nightly"),
            ("nightly of 4711", "nightly of"),
            ("pg_basebackup_nightly", "pg_basebackup_nightly"),
            ("pg_basebackup_1a", "pg_basebackup_1a"),
            ("a__1", "a"),
            ("a_", "a_"),
            ("4711", "4711"),
            ("4711_815", "4711_815"),
            ("-", "-"),
            ("", ""),
            ("größe_1", "größe"),
        ]
    )
    func withoutNumbers(name: String, expected: String) {
        #expect(PassingName.withoutNumbers(name) == expected)
    }

    @Test(
        "Two object ids with a word between them are a worker's name",
        arguments: [
            "pg_16395_sync_16386_7711414404705161623", "orders_16395_sync_16386", "16395_sync_16386", "pg_4294967295_sync_16384",
            "my_orders_16395_sync_16386",
        ]
    )
    func worker(name: String) {
        #expect(PassingName.isOfWorker(name))
    }

    @Test(
        "Names that people choose are theirs, also with numbers",
        arguments: [
            "pg_15_node_2", "node_1", "dc2_4711", "pg_createsubscriber_16384_53120000", "standby_20261125_101500", "pg_16395", "walreceiver", "",
            "pg_16383_sync_16386", "pg_16395__16386", "pg_4294967296_sync_99999999999", "pg_016395x_sync_16386", "_____", "pg_16395_sync_",
            "rack_12001_a7_13002",
        ]
    )
    func chosen(name: String) {
        #expect(!PassingName.isOfWorker(name))
    }
}
