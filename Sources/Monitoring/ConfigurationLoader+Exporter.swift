package import ExporterConfiguration
import Judgement
import MetricCatalog
import Postgres
import ReplicationModel

extension ConfigurationLoader {
    /// The loader that knows what the exporter does: its collectors, its labels, and libpq.
    package static let exporter = ConfigurationLoader(
        knownCollectors: CollectorName.allCases.map(\.rawValue),
        knownFindings: FindingCode.allCases.map(\.rawValue),
        reservedLabels: Catalog.labelNames,
        reservedClusterLabels: Catalog.clusterLabelNames,
        validateDSN: { dsn in
            do throws(PostgresError) {
                try ConnectionParameters.validate(dsn)
                return nil
            } catch {
                return error.message
            }
        },
        dsnKeywords: ConnectionParameters.keywords,
        dsnFileProblems: { ConnectionParameters.fileProblems(of: $0, hasPassword: $1) },
        remarksAboutPasswordFile: PasswordFile.remarks
    )
}
