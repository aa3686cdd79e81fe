import ExporterConfiguration
import Judgement

extension Silence {
    /// nil for a code that is none: the configuration refuses those.
    init?(_ configured: SilenceConfiguration) {
        guard let code = FindingCode(rawValue: configured.finding) else { return nil }
        self.init(code, target: configured.target, slot: configured.slot, until: Double(configured.until), reason: configured.reason)
    }
}
