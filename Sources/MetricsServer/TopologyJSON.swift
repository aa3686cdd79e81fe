package import Judgement

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What `/api/v1/topology` answers, for a command.
package enum TopologyJSON {
    package static func bytes(of view: FleetView) -> [UInt8] {
        // Strings, numbers and lists of them can always be encoded: the same that the route answers.
        (try? JSONEncoder.forResponses.encode(TopologyDocument(view))).map { [UInt8]($0) } ?? []
    }
}
