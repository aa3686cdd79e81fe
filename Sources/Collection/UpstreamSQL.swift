/// Host and port out of a connection string, by the server itself: the string holds a password, and none of it may travel.
///
/// A string is taken apart only when the whole of it is well-formed: of a malformed one, part of a password might pass for a host.
/// Patterns are dollar-quoted, so that `standard_conforming_strings` is of no consequence.
extension SQL {
    /// A subquery of one row with the text columns `host` and `port`, NULL where the string does not say.
    /// - Parameter conninfo: an expression for the connection string; NULL gives NULLs.
    static func upstream(of conninfo: String) -> String {
        """
        SELECT coalesce(uri.host, pairs.host, pairs.hostaddr) AS host, coalesce(uri.port, pairs.port) AS port \
        FROM (SELECT \(conninfo) AS conninfo) given, LATERAL (\(uri)) uri, LATERAL (\(pairs)) pairs
        """
    }

    /// One row. Several hosts and ports stay lists, separated by commas.
    private static let uri = """
        SELECT nullif(pg_catalog.string_agg(trim(BOTH '[]' FROM h.part[1]), ',' ORDER BY h.n), '') AS host, \
        nullif(pg_catalog.string_agg(coalesce(h.part[2], ''), ',' ORDER BY h.n), pg_catalog.repeat(',', pg_catalog.count(*)::pg_catalog.int4 - 1)) AS port \
        FROM (SELECT pg_catalog.regexp_match(one, $re$^\(host)$$re$) AS part, n \
        FROM pg_catalog.unnest(pg_catalog.string_to_array((pg_catalog.regexp_match(given.conninfo, $re$\(authority)$re$))[1], ',')) WITH ORDINALITY AS hosts (one, n)) h
        """

    /// One row. As in libpq, the last of several equal keywords counts.
    private static let pairs = """
        SELECT \(last("host")) AS host, \(last("hostaddr")) AS hostaddr, \(last("port")) AS port \
        FROM (SELECT m[1] AS keyword, pg_catalog.regexp_replace(CASE WHEN pg_catalog.left(m[2], 1) = '''' THEN pg_catalog.substr(m[2], 2, pg_catalog.length(m[2]) - 2) ELSE m[2] END, \
        $re$\\\\(.)$re$, $re$\\1$re$, 'g') AS value, n FROM pg_catalog.regexp_matches(given.conninfo, $re$\(pair)$re$, 'g') WITH ORDINALITY AS found (m, n) \
        WHERE given.conninfo ~ $re$^\\s*(?:\(pair)\\s*)*$$re$) q
        """

    /// A value with an equals sign is the next keyword's: `host= password=…`.
    private static func last(_ keyword: String) -> String {
        "nullif((pg_catalog.array_agg(q.value ORDER BY q.n DESC) FILTER (WHERE q.keyword = '\(keyword)' AND pg_catalog.strpos(q.value, '=') = 0))[1], '')"
    }

    /// `keyword = value`, the value in quotes or up to a blank.
    private static let pair = #"([a-z_]+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*|)"#

    private static let host = #"(\[[0-9A-Fa-f:.]+\]|[^]:,/?@%[]*)(?::([0-9]*))?"#

    /// The hosts of a URI. An @ after them is taken for the rest of a password that was not encoded.
    private static let authority =
        "^postgres(?:ql)?://(?:[^@/]*@)?(" + hostOnly + "(?:," + hostOnly + #")*)(?:/[^?@]*)?(?:\?[^@]*)?$"#

    private static let hostOnly = #"(?:\[[0-9A-Fa-f:.]+\]|[^]:,/?@%[]*)(?::[0-9]*)?"#
}
