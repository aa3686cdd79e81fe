"""The systems of the proof. Each has its own servers, so that their scenarios run at the same time."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from testbed.commands import run, server_user
from testbed.errors import TestbedError
from testbed.exporter import Exporter
from testbed.patroni import Cluster, Listed, StandIn
from testbed.postgres import Installation, Server
from testbed.proc import start_time
from testbed.processes import Known, Process, Processes, send
from testbed.relay import Relay
from testbed.waiting import wait_until

from .load import Growth, Load
from .scenario import Expected, Scenario

#: Quick retries, and WAL in small pieces.
SETTINGS = {
    "wal_log_hints": "on",
    "max_wal_size": "16MB",
    "min_wal_size": "4MB",
    "wal_keep_size": "64MB",
    "max_slot_wal_keep_size": "512MB",
    "hot_standby_feedback": "off",
    "wal_receiver_status_interval": "1s",
    "wal_retrieve_retry_interval": "500ms",
    "wal_sender_timeout": "10s",
    "wal_receiver_timeout": "10s",
    "archive_mode": "on",
    "archive_command": "true",
}

Target = dict[str, Any]


class Bed:
    """What all servers and programs of a run share."""

    def __init__(self, processes: Processes, folder: Path, exporter: Path) -> None:
        self.processes, self.folder = processes, folder
        self.postgres = Installation.find()
        self.exporter = Exporter.copy(exporter, folder)


class System:
    """Servers with their targets for the exporter, and the scenarios that they go through one after the other."""

    def __init__(self, bed: Bed, network: int) -> None:
        self.bed = bed
        self._network = network

    def server(self, name: str, number: int, postgres: Installation | None = None, **settings: str) -> Server:
        return Server(
            self.bed.processes,
            postgres or self.bed.postgres,
            self.bed.folder / name,
            address=self.address(number),
            settings=SETTINGS | settings,
        )

    def address(self, number: int) -> str:
        return f"10.77.{self._network}.{number}"

    def create(self) -> None:
        """Starts the servers."""
        raise NotImplementedError

    def targets(self) -> list[Target]:
        """Entries of `targets` in the exporter's configuration."""
        return []

    def exporters(self) -> list[str]:
        """The addresses of exporters of its own."""
        return []

    def scenarios(self) -> Iterator[Scenario]:
        """What is broken and cured, in this order."""
        yield from ()

    def stop(self) -> None:
        """Ends what is neither a process nor a file; also of a system that was never created."""


def target(server: Server, **more: Any) -> Target:
    return {"name": server.name, "dsn": server.monitor_connection, **more}


class StoppedStandby(System):
    """A primary with the synchronous standby that it should have."""

    def create(self) -> None:
        self.primary = self.server("pair-a", 1, max_slot_wal_keep_size="128MB").create()
        self.standby = self.server("pair-b", 2).follow(self.primary, "pair_b")
        self.primary.change(synchronous_standby_names='"pair-b"')
        self.load = Load(self.primary, 500_000)

    def targets(self) -> list[Target]:
        standbys = [{"application_name": "pair-b"}]
        return [target(self.primary, expect={"standbys": standbys, "slots": [{"name": "pair_b"}]}), target(self.standby)]

    def scenarios(self) -> Iterator[Scenario]:
        def cause() -> None:
            self.standby.stop()
            self.load.start()

        def cure() -> None:
            self.load.stop()
            self.standby.start()

        here = {"target": "pair-a"}
        slot = {**here, "slot_name": "pair_b"}
        yield Scenario(
            "a standby stops while its primary writes",
            cause,
            cure,
            [
                Expected("PgwalTargetDown", {"target": "pair-b"}),
                Expected("PgwalStandbyMissing", here),
                Expected("PgwalSyncNotSatisfied", here),
                Expected("PgwalDataAtRisk", here),
                Expected("PgwalSlotInactive", slot),
                Expected("PgwalSlotAboutToBeLost", slot),
                Expected("PgwalSlotRetainedWALHigh", slot),
                Expected("PgwalSlotRetainedWALGrowing", slot),
                Expected("PgwalOutageBudgetLow", here),
            ],
        )


class Cascade(System):
    """A primary, its standby and a standby of that, each by a slot."""

    def create(self) -> None:
        self.primary = self.server("cascade-a", 1, wal_keep_size="16MB").create()
        self.middle = self.server("cascade-b", 2).follow(self.primary, "cascade_b")
        self.last = self.server("cascade-c", 3).follow(self.middle, "cascade_c")

    def write(self, megabytes: int) -> None:
        message = "SELECT count(pg_logical_emit_message(true, 'proof', repeat('x', 1000000))) FROM generate_series"
        self.primary.sql(f"{message}(1, {megabytes})", "CHECKPOINT")

    def targets(self) -> list[Target]:
        slots = [{"name": "cascade_b", "type": "physical"}]
        return [target(self.primary, expect={"slots": slots}), target(self.middle), target(self.last)]

    def scenarios(self) -> Iterator[Scenario]:
        def drop() -> None:
            self.primary.drop_slot("cascade_b")
            # Most of what is kept, so that not much more may come; at once, and no more than is quickly caught up with: a standby that
            # is busy with that for long is rightly called late.
            self.write(12)

        def create() -> None:
            self.primary.create_slot("cascade_b")
            wait_until("the standby has caught up", lambda: self.middle.has_caught_up(self.primary))

        yield Scenario(
            "the slot that a standby needs is dropped",
            drop,
            create,
            [
                Expected("PgwalSlotMissing", {"target": "cascade-a", "slot_name": "cascade_b"}),
                Expected("PgwalSlotMissingAtUpstream", {"target": "cascade-b", "slot_name": "cascade_b"}),
                Expected("PgwalStandbyNotStreaming", {"target": "cascade-b"}),
                Expected("PgwalStandbyWALAlmostGone", {"target": "cascade-b"}),
            ],
        )

        def drop_relayed() -> None:
            self.middle.drop_slot("cascade_c")
            self.middle.create_slot("forgotten")
            self.primary.change(full_page_writes="off", max_slot_wal_keep_size="-1")
            # More than a forgotten slot may hold.
            self.write(6)

        def create_relayed() -> None:
            self.middle.create_slot("cascade_c")
            self.middle.drop_slot("forgotten")
            self.primary.change(full_page_writes="on", max_slot_wal_keep_size="512MB")
            wait_until("the last standby has caught up", lambda: self.last.has_caught_up(self.middle))

        yield Scenario(
            "a slot is dropped at a standby that others stream from, and one is forgotten there; settings are changed",
            drop_relayed,
            create_relayed,
            [
                Expected("PgwalSlotMissingAtUpstream", {"target": "cascade-c", "slot_name": "cascade_c"}),
                Expected("PgwalSlotLeftOver", {"target": "cascade-b", "slot_name": "forgotten"}),
                Expected("PgwalRewindNotReady", {"target": "cascade-a"}),
                Expected("PgwalSlotRetentionUnlimited", {"target": "cascade-a"}),
            ],
        )


class LostSlot(System):
    """A primary that keeps little for its standby and for a logical consumer."""

    def create(self) -> None:
        self.primary = self.server("short-a", 1, max_slot_wal_keep_size="8MB", wal_keep_size="2MB", max_wal_size="4MB").create()
        self.standby = self.server("short-b", 2).follow(self.primary, "short_b")

    def make_slot(self) -> None:
        self.primary.sql("SELECT pg_create_logical_replication_slot('consumer', 'test_decoding')")

    def targets(self) -> list[Target]:
        return [target(self.primary), target(self.standby)]

    def scenarios(self) -> Iterator[Scenario]:
        connection = self.standby.settings["primary_conninfo"]

        def fork() -> None:
            # Nobody is at that address: it does not learn of the new timeline.
            self.standby.change(primary_conninfo=connection.replace(self.primary.address, self.address(8)))
            self.primary.recover()

        yield Scenario(
            "a standby looks for its primary at a former address, and that begins a new timeline",
            fork,
            lambda: self.standby.change(primary_conninfo=connection),
            [Expected("PgwalTimelineBehind", {"target": "short-b"}), Expected("PgwalStandbyNotStreaming", {"target": "short-b"})],
        )

        def cause() -> None:
            self.make_slot()
            self.standby.stop()
            for _ in range(3):
                self.primary.sql(
                    "SELECT count(pg_logical_emit_message(true, 'proof', repeat('x', 1000000))) FROM generate_series(1, 12)", "CHECKPOINT"
                )
            self.standby.start()

        def cure() -> None:
            self.standby.stop()
            self.primary.drop_slot("short_b")
            self.standby.follow(self.primary, "short_b")
            # As Patroni does it of itself.
            self.primary.drop_slot("consumer")
            self.make_slot()

        yield Scenario(
            "slots are lost while nobody uses them; the logical one is made anew",
            cause,
            cure,
            [
                Expected("PgwalSlotLost", {"target": "short-a", "slot_name": "short_b"}),
                Expected("PgwalStandbyWALGone", {"target": "short-b"}),
                Expected("PgwalSlotRecreated", {"target": "short-a", "slot_name": "consumer"}, after_cure=True),
            ],
        )


class PausedReplay(System):
    """A primary and its standby, each behind an address that leads to it."""

    def create(self) -> None:
        self.primary = self.server("moving-a", 1).create()
        self.standby = self.server("moving-b", 2).follow(self.primary, "moving_b")
        # An address that leads to one server or another.
        self.virtual = Relay((self.primary.address, 5432), (self.address(9), 5432))
        self.replicas = Relay((self.standby.address, 5432), (self.address(8), 5432))
        for relay in (self.virtual, self.replicas):
            relay.start()
        self.load = Load(self.primary, 50_000)

    def targets(self) -> list[Target]:
        def address(name: str, number: int, role: str) -> Target:
            dsn = f"host={self.address(number)} port=5432 user=monitor dbname=postgres"
            return {"name": name, "dsn": dsn, "expect": {"role": role}}

        addresses = [address("moving-address", 9, "primary"), address("moving-replicas", 8, "standby")]
        return [target(self.primary), target(self.standby), *addresses]

    def scenarios(self) -> Iterator[Scenario]:
        def pause() -> None:
            self.load.start()
            self.standby.sql("SELECT pg_wal_replay_pause()")
            self.virtual.move((self.standby.address, 5432))
            self.replicas.move((self.primary.address, 5432))

        def resume() -> None:
            self.virtual.move((self.primary.address, 5432))
            self.replicas.move((self.standby.address, 5432))
            self.standby.sql("SELECT pg_wal_replay_resume()")
            self.load.stop()

        standby = {"target": "moving-a", "application_name": "moving-b"}
        yield Scenario(
            "replay is paused, and each address leads to the other server",
            pause,
            resume,
            [
                Expected("PgwalReplayPaused", {"target": "moving-b"}),
                Expected("PgwalReplayLag", standby),
                Expected("PgwalReplayObjectiveBurnFast", standby),
                Expected("PgwalReplayObjectiveBurnSlow", standby),
                Expected("PgwalAddressReadOnly", {"target": "moving-address"}),
                Expected("PgwalRoleMismatch", {"target": "moving-replicas"}),
            ],
        )
        yield Scenario(
            "the primary stops",
            self.primary.stop,
            self.primary.start,
            [
                Expected("PgwalNoPrimary", {"system_identifier": self.primary.system_identifier}),
                Expected("PgwalStandbyNotStreaming", {"target": "moving-b"}),
            ],
        )

    def stop(self) -> None:
        self.virtual.stop()
        self.replicas.stop()


class SplitBrain(System):
    """A primary with two standbys, one of which is promoted beside it."""

    def create(self) -> None:
        self.old = self.server("split-a", 1).create()
        self.new = self.server("split-b", 2).follow(self.old, "split_b")
        self.other = self.server("split-c", 3).follow(self.old, "split_c")

    def targets(self) -> list[Target]:
        return [target(server) for server in (self.old, self.new, self.other)]

    def scenarios(self) -> Iterator[Scenario]:
        system = {"system_identifier": self.old.system_identifier}

        def promote() -> None:
            self.new.sql("SELECT pg_promote()")

        def fence() -> None:
            # It may have what the old primary wrote since, its last checkpoint at least: only a copy of the new one is sound.
            self.other.stop()
            self.old.stop()
            self.other.follow(self.new, "split_c")

        yield Scenario(
            "a standby is promoted beside its primary",
            promote,
            fence,
            [Expected("PgwalTwoPrimaries", system), Expected("PgwalSplitBrainSeen", system, after_cure=True)],
        )


class Diverged(System):
    """A primary and a standby that hangs for a while, and whose last data the primary loses later."""

    def create(self) -> None:
        # That does not end the connection of a standby that hangs.
        self.primary = self.server("copy-a", 1, wal_sender_timeout="0").create()
        self.standby = self.server("copy-b", 2).follow(self.primary, "copy_b")
        self.load = Load(self.primary, 20_000)

    def targets(self) -> list[Target]:
        return [target(self.primary), target(self.standby)]

    def scenarios(self) -> Iterator[Scenario]:
        frozen: list[Known] = []

        def hang() -> None:
            pid = int(self.standby.query("SELECT pid FROM pg_stat_wal_receiver"))
            frozen.append((pid, start_time(pid)))
            send(frozen[0], signal.SIGSTOP)
            self.load.start()

        def go_on() -> None:
            send(frozen[0], signal.SIGCONT)
            self.load.stop()

        here = {"target": "copy-a"}
        yield Scenario(
            "a standby is connected and flushes nothing",
            hang,
            go_on,
            [
                Expected("PgwalFlushObjectiveBurnFast", here),
                Expected("PgwalFlushObjectiveBurnSlow", here),
                Expected("PgwalLinkSilent", {**here, "application_name": "copy-b"}),
            ],
        )

        def cause() -> None:
            copy = self.bed.folder / "copy"
            # All that is lost is in one segment: the standby asks for WAL from the beginning of that.
            self.primary.sql("SELECT pg_switch_wal()", "SELECT pg_logical_emit_message(true, 'proof', 'first')")
            wait_until("the standby has all", self._has_all)
            self.primary.stop()
            run(["cp", "-a", self.primary.data, copy])
            self.primary.start()
            self.primary.sql("SELECT pg_logical_emit_message(true, 'proof', repeat('x', 200000))")
            wait_until("the standby has all", self._has_all)
            self.primary.stop(immediately=True)
            run(["rm", "-rf", self.primary.data])
            run(["mv", copy, self.primary.data])
            self.primary.start()

        def cure() -> None:
            self.standby.stop()
            self.primary.drop_slot("copy_b")
            self.standby.follow(self.primary, "copy_b")

        yield Scenario(
            "a primary comes back from an older copy of its files",
            cause,
            cure,
            [Expected("PgwalStandbyDiverged", {"target": "copy-a", "application_name": "copy-b"})],
        )

    def _has_all(self) -> bool:
        return self.primary.query("SELECT bool_and(replay_lsn = pg_current_wal_lsn()) FROM pg_stat_replication") == "t"


class Single(System):
    """A server alone, its WAL on a small filesystem."""

    SIZE = 192 << 20

    def __init__(self, bed: Bed, network: int) -> None:
        super().__init__(bed, network)
        self.filesystem = bed.folder / "small"
        self.growth: Growth | None = None

    def create(self) -> None:
        self.filesystem.mkdir()
        run(["mount", "-t", "tmpfs", "-o", f"size={self.SIZE},mode=1777", "proof", self.filesystem])
        self.primary = self.server("single", 1, max_replication_slots="10", max_wal_senders="5")
        self.primary.create(wal_directory=self.filesystem / "pg_wal")

    def targets(self) -> list[Target]:
        return [target(self.primary, wal_directory=str(self.filesystem / "pg_wal"))]

    def scenarios(self) -> Iterator[Scenario]:
        here = {"target": "single"}
        sessions: list[Process] = []

        def use_up() -> None:
            self.primary.change(archive_command="false")
            for number in range(9):
                self.primary.create_slot(f"spare_{number}", reserve=False)
            for _ in range(5):
                session = self.primary.session(f"{self.primary.connection} replication=database")
                assert session.popen.stdin
                session.popen.stdin.write("IDENTIFY_SYSTEM;\n")
                session.popen.stdin.flush()
                sessions.append(session)
            self.primary.sql("SELECT pg_logical_emit_message(true, 'proof', 'x')", "SELECT pg_switch_wal()")

        def give_back() -> None:
            for session in sessions:
                session.stop()
            self.primary.change(archive_command="true")
            for number in range(9):
                self.primary.drop_slot(f"spare_{number}")
            self.primary.sql("SELECT pg_logical_emit_message(true, 'proof', 'x')", "SELECT pg_switch_wal()")

        yield Scenario(
            "archive_command fails; slots and walsenders are used up",
            use_up,
            give_back,
            [
                Expected("PgwalArchiverFailing", here),
                Expected("PgwalArchiveBacklogOld", here),
                Expected("PgwalSlotsNearlyUsedUp", here),
                Expected("PgwalWalsendersNearlyUsedUp", here),
                Expected("PgwalSlotReservesNothing", {**here, "slot_name": "spare_0"}),
            ],
        )

        def fill() -> None:
            self.primary.sql("REVOKE SELECT ON pg_stat_wal FROM PUBLIC")
            self.growth = Growth(self.filesystem, 4 << 20)

        def empty() -> None:
            if self.growth:
                self.growth.stop()
            self.primary.sql("GRANT SELECT ON pg_stat_wal TO PUBLIC")

        yield Scenario(
            "the filesystem of pg_wal fills up; a view may not be read",
            fill,
            empty,
            [
                Expected("PgwalWALFilesystemFilling", here, may_end=True),
                Expected("PgwalWALFilesystemLow", here),
                Expected("PgwalCollectorFailing", here),
            ],
        )
        yield Scenario(
            "pg_monitor is revoked",
            lambda: self.primary.sql("REVOKE pg_monitor FROM monitor"),
            lambda: self.primary.sql("GRANT pg_monitor TO monitor"),
            [Expected("PgwalPrivilegeMissing", here)],
        )

    def stop(self) -> None:
        if self.growth:
            self.growth.stop()
        run(["umount", "--lazy", self.filesystem], check=False)


class Logical(System):
    """A publisher and a subscriber."""

    def create(self) -> None:
        self.publisher = self.server("publisher", 1).create()
        self.subscriber = self.server("subscriber", 2).create()
        for server in (self.publisher, self.subscriber):
            server.sql("CREATE TABLE item (id int PRIMARY KEY)")
        self.publisher.sql("CREATE PUBLICATION items FOR TABLE item")
        self.subscriber.sql(f"CREATE SUBSCRIPTION items CONNECTION '{self.publisher.connection}' PUBLICATION items")
        # A slot holds a little back until its consumer has confirmed the state of some later transaction.
        self.publisher.sql("CHECKPOINT")
        self.load = Load(self.publisher, 50_000, transactions_per_second=10)

    def targets(self) -> list[Target]:
        return [target(self.publisher), target(self.subscriber)]

    def scenarios(self) -> Iterator[Scenario]:
        def conflict() -> None:
            self.subscriber.sql("INSERT INTO item VALUES (1)")
            self.publisher.sql("INSERT INTO item VALUES (1)")
            self.load.start()

        def cure() -> None:
            self.load.stop()
            self.subscriber.sql("DELETE FROM item")
            wait_until("the row has come", lambda: self.subscriber.query("SELECT count(*) FROM item") == "1")
            self.publisher.sql("CHECKPOINT")

        subscription = {"target": "subscriber", "subscription": "items"}
        slot = {"target": "publisher", "slot_name": "items"}
        yield Scenario(
            "a row cannot be applied",
            conflict,
            cure,
            [
                Expected("PgwalSubscriptionDown", subscription),
                Expected("PgwalSubscriptionErrors", subscription),
                Expected("PgwalLogicalSlotBehind", slot),
                Expected("PgwalSlotHoldsBackVacuum", slot),
            ],
        )
        yield Scenario(
            "a subscription is disabled",
            lambda: self.subscriber.sql("ALTER SUBSCRIPTION items DISABLE"),
            lambda: self.subscriber.sql("ALTER SUBSCRIPTION items ENABLE"),
            [Expected("PgwalSubscriptionDisabled", subscription)],
        )


class SecondExporter(System):
    """A server with an exporter of its own, which also knows of a Patroni."""

    def create(self) -> None:
        self.primary = self.server("quiet-a", 1).create()
        self.patroni = StandIn(8008, {self.address(8): Cluster("proof", [Listed("one", "leader", self.primary.address, 5432)])})
        self.patroni.start()
        self.exporter = Exporter(self.bed.processes, self.bed.exporter, self.bed.folder, "second-exporter", f"{self.address(9)}:9187")
        self.run_exporter()

    def exporters(self) -> list[str]:
        return [self.exporter.address]

    def run_exporter(self, name: str = "quiet-a") -> None:
        self.exporter.start(self.configuration(name), "--timeout-offset", "100ms", "--web.enable-lifecycle")
        self.exporter.wait()

    def configuration(self, name: str, **more: Any) -> dict[str, Any]:
        connection = "user=monitor dbname=postgres"
        return {
            "targets": [{"name": name, "dsn": f"host={self.primary.address} port=5432 {connection}", **more}],
            "patroni": [
                {"name": "proof", "urls": [self.patroni.url(self.address(8))], "dsn": connection, "interval": "1s", "timeout": "500ms"}
            ],
            "collection": {"directory_interval": "1s"},
        }

    def scenarios(self) -> Iterator[Scenario]:
        def reload(configuration: dict[str, Any], is_good: bool = True) -> None:
            if self.exporter.reload(configuration) != is_good:
                raise TestbedError(f"the exporter {'refuses' if is_good else 'takes'} {configuration}")

        def lose_dcs() -> None:
            self.patroni.has_dcs = False
            reload(self.configuration("quiet-a", wal_directory="/nowhere/pg_wal"))

        def reach_dcs() -> None:
            self.patroni.has_dcs = True
            reload(self.configuration("quiet-a"))

        yield Scenario(
            "Patroni has no DCS; the folder of pg_wal is misspelt in the configuration",
            lose_dcs,
            reach_dcs,
            [
                Expected("PgwalPatroniDCSUnreachable", {"cluster": "proof"}),
                Expected("PgwalWALFilesystemUnreadable", {"target": "quiet-a"}),
            ],
        )
        yield Scenario(
            "no REST interface of Patroni answers",
            self.patroni.stop,
            self.patroni.start,
            [Expected("PgwalPatroniDown", {"cluster": "proof"})],
        )
        yield Scenario(
            "an exporter stops",
            self.exporter.stop,
            self.run_exporter,
            [Expected("PgwalExporterDown", {"instance": self.exporter.address})],
        )

        yield Scenario(
            "a target is taken out of the configuration",
            lambda: reload(self.configuration("another-name")),
            lambda: reload(self.configuration("quiet-a")),
            [Expected("PgwalTargetVanished", {"target": "quiet-a"})],
        )
        yield Scenario(
            "the configuration is spoilt",
            lambda: reload(self.configuration("quiet-a") | {"tragets": []}, is_good=False),
            lambda: reload(self.configuration("quiet-a")),
            [Expected("PgwalConfigReloadFailed", {"instance": self.exporter.address})],
        )

    def stop(self) -> None:
        self.patroni.stop()


class FailoverSlots(System):
    """A primary with a failover slot, and the standby that keeps a copy of it; PostgreSQL 17."""

    def create(self) -> None:
        # Debian's has none.
        postgres = Installation.find(17)
        self.primary = self.server("newer-a", 1, postgres, hot_standby_feedback="on").create()
        self.standby = self.server("newer-b", 2, postgres, hot_standby_feedback="on", sync_replication_slots="on")
        # The worker that copies slots needs a database.
        self.standby.follow(self.primary, "newer_b", database="postgres")
        self.primary.sql("SELECT pg_create_logical_replication_slot('orders', 'test_decoding', false, false, true)")
        self.bed.processes.start(
            [
                str(postgres.program("pg_recvlogical")),
                "-d",
                self.primary.connection,
                "-S",
                "orders",
                "--start",
                "-s",
                "1",
                "-f",
                "/dev/null",
            ],
            self.primary.log,
            user=server_user(),
        )
        wait_until("the slot is copied", self.is_copied)

    def is_copied(self) -> bool:
        # Only a slot that moves on is copied for good.
        self.primary.sql("SELECT pg_log_standby_snapshot()", "SELECT pg_logical_emit_message(true, 'proof', 'x')")
        return self.standby.query("SELECT synced AND NOT temporary AND wal_status <> 'lost' FROM pg_replication_slots") == "t"

    def targets(self) -> list[Target]:
        return [target(self.primary), target(self.standby)]

    def scenarios(self) -> Iterator[Scenario]:
        def lost() -> bool:
            # Each moves it on by a segment, of which only the last one is kept.
            self.primary.sql("SELECT pg_logical_emit_message(true, 'proof', repeat('x', 3000000))", "SELECT pg_switch_wal()", "CHECKPOINT")
            wait_until("the standby has all", lambda: self.standby.has_caught_up(self.primary))
            self.standby.sql("CHECKPOINT")
            return self.standby.query("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'orders'") == "lost"

        def cause() -> None:
            # Else the worker would make it anew.
            self.standby.change(sync_replication_slots="off", max_slot_wal_keep_size="1MB", wal_keep_size="0")
            wait_until("the copy is lost", lost)
            self.primary.create_slot("spare")
            self.primary.change(synchronized_standby_slots="newer_b, spare")

        def cure() -> None:
            self.primary.change(synchronized_standby_slots="")
            self.primary.drop_slot("spare")
            self.standby.change(
                **{name: SETTINGS[name] for name in ("max_slot_wal_keep_size", "wal_keep_size")}, sync_replication_slots="on"
            )
            wait_until("the slot is copied", self.is_copied)

        here = {"target": "newer-a"}
        yield Scenario(
            "the copy of a failover slot is lost; all consumers wait for a slot that nobody uses",
            cause,
            cure,
            [
                Expected("PgwalFailoverSlotUnsynchronized", {**here, "slot_name": "orders"}),
                Expected("PgwalFailoverSlotNotReady", {"target": "newer-b", "slot_name": "orders"}),
                Expected("PgwalSynchronizedSlotBlocking", {**here, "slot_name": "spare"}),
            ],
        )


#: The one that takes longest first.
SYSTEMS: list[type[System]] = [
    SplitBrain,
    PausedReplay,
    StoppedStandby,
    LostSlot,
    Diverged,
    Cascade,
    Single,
    Logical,
    SecondExporter,
    FailoverSlots,
]
