extension Finding {
    /// A step of the cure.
    package struct Cure: Sendable, Hashable {
        package var kind: Kind
        /// The statement, setting or command itself, or a sentence.
        package var text: String
        /// Where it is to be run: a target, or the name by which a server is known that is none. nil: of advice, or not known.
        package var target: String?
        package var effect: Effect

        /// What `text` is.
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            /// To be run on `target`.
            case sql
            /// A line for postgresql.conf, or Patroni's dynamic configuration.
            case setting
            /// For a shell.
            case command
            /// Words for people.
            case advice
        }

        /// What comes of it.
        package enum Effect: String, Sendable, Hashable, CaseIterable {
            case harmless
            /// It changes nothing, and tells whether the verdict still holds.
            case check
            /// Data, or what somebody needs to go on, is gone afterwards: drop, wipe, rewind, promote, base backup.
            case destructive
        }

        /// - Parameter target: where it is to be run; nil: where the finding is.
        package init(_ kind: Kind, _ text: String, at target: String? = nil, _ effect: Effect = .harmless) {
            self.kind = kind
            self.text = text
            self.target = target
            self.effect = effect
        }

        /// The steps that a verdict of some confidence may carry, each with the server on which it is to be run.
        static func admissible(_ cures: [Cure], _ confidence: Confidence, at target: String?) -> [Cure] {
            var cures = cures
            for index in cures.indices where cures[index].target == nil && cures[index].kind != .advice { cures[index].target = target }
            if confidence == .suspected { return withheld(cures, "This is suspected, not proven. Make sure of it before anything is destroyed.") }
            let check = cures.firstIndex { $0.effect == .check } ?? cures.endIndex
            return cures.enumerated().filter { $0.element.effect != .destructive || $0.offset > check }.map(\.element)
        }

        /// Without what destroys data, and with the reason why.
        static func withheld(_ cures: [Cure], _ reason: String) -> [Cure] {
            let kept = cures.filter { $0.effect != .destructive }
            return kept.count == cures.count ? cures : kept + [Cure(.advice, reason)]
        }
    }
}
