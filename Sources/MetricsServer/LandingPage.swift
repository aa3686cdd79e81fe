import Judgement
import RESTClient
import ReplicationModel

/// The page at `/`: what is wrong, how the targets are, and where the metrics are. Plain HTML without scripts.
struct LandingPage: Sendable {
    let telemetryPath: String
    let version: String
    let view: FleetView
    /// Tells the browser that the style is ours.
    var nonce = ""

    static func makeNonce() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// Nothing but the page's own style, and links.
    static func policy(_ nonce: String) -> String {
        "default-src 'none'; style-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>pgwal_exporter</title>
        <style nonce="\(nonce)">
        body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: #1c2733; }
        h1 { font-size: 1.5rem; margin-bottom: 0; }
        table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
        th, td { text-align: left; padding: .4rem .75rem; border-bottom: 1px solid #dde3ea; vertical-align: top; }
        th { font-weight: 600; color: #51606f; }
        .up { color: #11703a; font-weight: 600; }
        .down { color: #b3261e; font-weight: 600; }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        small { color: #51606f; }
        h2 { font-size: 1.15rem; margin: 1.5rem 0 0; }
        .finding { border-left: .3rem solid #8a97a5; padding: .1rem 0 .1rem .8rem; margin: .8rem 0; }
        .finding.critical { border-color: #b3261e; } .finding.warning { border-color: #b26a00; }
        .finding p { margin: .2rem 0; } .finding ul { margin: .2rem 0; padding-left: 1.2rem; color: #51606f; }
        pre { margin: .3rem 0; padding: .4rem .6rem; background: #eef2f6; overflow-x: auto; font-size: .85rem; }
        .code { font-weight: 600; } .critical .code { color: #b3261e; } .warning .code { color: #8a5200; }
        .fine { color: #11703a; }
        @media (prefers-color-scheme: dark) {
          body { background: #14191f; color: #dbe3ea; } a { color: #7fb4ff; }
          th, td { border-color: #2c3640; } th, small { color: #94a3b2; } .up, .fine { color: #5cc98a; } .down { color: #ff8a80; }
          pre { background: #1f2730; } .finding ul { color: #94a3b2; } .critical .code { color: #ff8a80; } .warning .code { color: #ffb95c; }
        }
        </style>
        </head>
        <body>
        <h1>pgwal_exporter</h1>
        <small>WAL and replication of PostgreSQL for Prometheus, version \(Self.escaped(version))</small>
        <p><a href="\(Self.escaped(telemetryPath))">Metrics</a> · <a href="/api/v1/topology">Topology</a> · <a href="/sd">Service discovery</a> ·
        <a href="/-/healthy">Health</a> · <a href="/-/ready">Readiness</a></p>
        \(FindingList(Findings.all(of: view), silences: view.silences, now: view.now).html)
        <h2>Targets</h2>
        <table>
        <thead><tr><th>Target</th><th>State</th><th>Server</th><th>Replication</th><th class="number">Collection</th></tr></thead>
        <tbody>
        \(view.reports.map(row).joined(separator: "\n"))
        </tbody>
        </table>
        </body>
        </html>

        """
    }

    private func row(_ report: TargetReport) -> String {
        let probe = "/probe" + RESTQuery.text([("target", report.name)])
        let name = "<a href=\"\(Self.escaped(probe))\">\(Self.escaped(report.name))</a>"
        let milliseconds = (report.seconds * 10_000).rounded() / 10
        let duration = "<td class=\"number\">\(milliseconds) ms</td>"
        switch report.outcome {
        case .down(let reason):
            return "<tr><td>\(name)</td><td class=\"down\">down</td><td colspan=\"2\">\(Self.escaped(reason))</td>\(duration)</tr>"
        case .unanswered(let reason):
            return "<tr><td>\(name)</td><td>unknown</td><td colspan=\"2\">\(Self.escaped(reason))</td><td class=\"number\"></td></tr>"
        case .up(let snapshot):
            let server = "PostgreSQL \(snapshot.identity.version), \(snapshot.role.rawValue)\(snapshot.timeline.map { ", timeline \($0)" } ?? "")"
            let replication = ReplicationSummary.lines(of: snapshot).map(Self.escaped).joined(separator: "<br>")
            return "<tr><td>\(name)</td><td class=\"up\">up</td><td>\(Self.escaped(server))</td><td>\(replication)</td>\(duration)</tr>"
        }
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
