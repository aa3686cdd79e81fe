import unittest

from testbed.commands import server_user
from testbed.errors import CannotRun, Hopeless
from testbed.folders import temporary
from testbed.ports import free_port
from testbed.postgres import PASSWORD, Installation, Server
from testbed.processes import Processes
from testbed.waiting import wait_until


class RealServers(unittest.TestCase):
    def setUp(self) -> None:
        try:
            self.postgres = Installation.find()
        except CannotRun as error:
            self.skipTest(str(error))
        self.folder = self.enterContext(temporary("testbed-"))
        self.processes = self.enterContext(Processes())

    def server(self, name: str, **options: str) -> Server:
        return Server(self.processes, self.postgres, self.folder / name, port=free_port(), **options)  # type: ignore[arg-type]

    def test_a_primary_its_standby_and_the_standbys_promotion(self) -> None:
        primary = self.server("primary", access=PASSWORD, password="secret").create()
        standby = self.server("standby").follow(primary, "standby")
        self.assertIsNotNone(server_user() or primary.process)
        wait_until("it streams", standby.streams)
        primary.sql("CREATE TABLE item AS SELECT 1 AS id")
        wait_until("it has caught up", lambda: standby.has_caught_up(primary))
        self.assertEqual(standby.query("SELECT id FROM item"), "1")
        self.assertEqual(primary.query("SELECT active FROM pg_replication_slots"), "t")
        self.assertEqual(primary.system_identifier, standby.system_identifier)
        # Exporters come by TCP, and with the password.
        self.assertGreater(primary.select_one_ms(transactions=5), 0)

        primary.change(work_mem="5MB")
        wait_until("it has read its settings", lambda: primary.query("SHOW work_mem") == "5MB")
        primary.stop(immediately=True)
        standby.promote()
        standby.sql("INSERT INTO item VALUES (2)")

        primary.base_backup(standby)
        standby.create_slot("primary")
        primary.aim(standby, "primary")
        primary.start()
        wait_until("the old primary streams", primary.streams)
        self.assertEqual(primary.query("SELECT count(*) FROM item"), "2")
        standby.drop_slot("primary")
        self.assertEqual(standby.query("SELECT count(*) FROM pg_replication_slots"), "0")

    def test_one_that_does_not_start_says_why(self) -> None:
        server = self.server("broken").initialize()
        server.settings["shared_buffers"] = "no size"
        with self.assertRaisesRegex(Hopeless, "shared_buffers"):
            server.start()
