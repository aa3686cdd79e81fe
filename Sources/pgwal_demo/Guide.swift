import Foundation
import PostgresTestSupport

/// What the user reads when all is up.
enum Guide {
    static func text(for cluster: DemoCluster, at address: ListenAddress) -> String {
        let pause = psql(cluster.standby, "select pg_wal_replay_pause()")
        let resume = psql(cluster.standby, "select pg_wal_replay_resume()")
        let stop = "kill -INT $(head -1 \(cluster.standby.dataDirectory)/postmaster.pid)"
        return """

            The exporter is watching a primary and its standby (PostgreSQL \(cluster.primary.version)).

            \(places(address))
            Things to try, in another terminal, while watching the page:
              the standby stops replaying, and its lag grows
                \(pause)
              and catches up
                \(resume)
              the standby goes away, and its slot holds WAL back
                \(stop)
              and comes back
                kill -USR1 \(getpid())
              the consumer of the logical slot "orders" dies
                kill \(cluster.consumer.pid)
              a look inside
                \(psql(cluster.primary))
                \(psql(cluster.standby))

            Everything is in \(TemporaryRoot.path). Ctrl-C ends the demo and removes it.

            """
    }

    static func text(forServerOfTheUser address: ListenAddress) -> String {
        """

        The exporter is watching the server of PGWAL_DSN.

        \(places(address))
        Ctrl-C ends it.

        """
    }

    private static func places(_ address: ListenAddress) -> String {
        """
          \(address.url)/          the page: the targets, and how they are
          \(address.url)/metrics   what Prometheus scrapes

          curl -s \(address.url)/metrics | grep -v '^#'

        """
    }

    private static func psql(_ server: PostgresServer, _ sql: String? = nil) -> String {
        let program = server.installation.tool("psql")
        let command = "\(program) -h \(server.socketDirectory) -p \(server.port) -U postgres postgres"
        return command + (sql.map { " -c '\($0)'" } ?? "")
    }
}
