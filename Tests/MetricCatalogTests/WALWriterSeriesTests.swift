import MetricCatalog
import ReplicationModel
import Testing

struct WALWriterSeriesTests {
    @Test("Who wrote WAL: a series for each type of process on a primary, none on a standby, where it is not what the primary's load wrote")
    func writers() {
        let writers = [WALStatistics.Writer(backendType: "client backend", bytes: 8_192), .init(backendType: "walwriter", bytes: 16_384)]
        var primary = ServerSnapshot.primary18
        primary.walStatistics?.writers = writers
        var standby = ServerSnapshot.standby18
        standby.walStatistics?.writers = writers
        #expect(
            series("wal_written_by_bytes_total", primary) == [
                #"backend_type="client backend""#: "8192", #"backend_type="walwriter""#: "16384",
            ]
        )
        #expect(series("wal_written_by_bytes_total", standby) == [:])
    }
}
