import ExporterConfiguration
import Patroni
import RESTClient

extension PatroniClient {
    /// A client of a configured cluster.
    convenience init(_ cluster: PatroniConfiguration, _ connections: PatroniConnections) {
        self.init(
            name: cluster.name,
            labels: cluster.labels,
            options: PatroniOptions(
                urls: cluster.urls,
                trust: RESTTrust.Options(
                    caFile: cluster.tls.caFile,
                    certFile: cluster.tls.certFile,
                    keyFile: cluster.tls.keyFile,
                    insecureSkipVerify: cluster.tls.insecureSkipVerify
                ),
                timeout: cluster.timeout
            ),
            credentials: cluster.basicAuth.map { basicAuth in
                RESTCredentials(username: basicAuth.username) { try basicAuth.readPassword().reveal() }
            },
            connections: connections
        )
    }
}
