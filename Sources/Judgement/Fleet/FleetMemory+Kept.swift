package import ReplicationModel

extension FleetMemory {
    /// What outlives the process: of each system its splits and the primaries that were seen, of each target which server it reached.
    package struct Kept: Sendable, Hashable, Codable {
        package var systems: [System] = []
        package var reached: [Reached] = []

        package init() {}

        package struct System: Sendable, Hashable, Codable {
            package var systemIdentifier: String
            package var split: SplitBrain?
            /// When two primaries were seen last, by the monotonic clock told as Unix time.
            package var lastTogether: Double?
            package var sightings: [Sighting]
        }

        /// See `PrimarySightings`. Order and distance are the monotonic clock's, told as Unix time; what stands beside it is the wall clock's of that time.
        package struct Sighting: Sendable, Hashable, Codable {
            package var side: SplitBrain.Side
            package var first: Double
            package var firstByWallClock: Double
            package var last: Double
            package var lastByWallClock: Double
        }

        package struct Reached: Sendable, Hashable, Codable {
            package var target: String
            package var roaming: Int
            package var instance: ServerInstance
            package var wasStandby: Bool
        }
    }

    /// - Parameter now: by both clocks.
    package func kept(at now: Moment) -> Kept {
        func wall(_ time: MonotonicTime) -> Double { now.wall - now.monotonic.seconds(since: time) }
        var kept = Kept()
        let names = Set(unsettled.keys).union(sightings.systems.keys).sorted()
        kept.systems = names.map { name in
            Kept.System(
                systemIdentifier: name,
                split: unsettled[name],
                lastTogether: lastTogether[name].map(wall),
                sightings: (sightings.systems[name] ?? []).map { sighting in
                    Kept.Sighting(
                        side: sighting.side,
                        first: wall(sighting.first.monotonic),
                        firstByWallClock: sighting.first.wall,
                        last: wall(sighting.last.monotonic),
                        lastByWallClock: sighting.last.wall
                    )
                }
            )
        }
        kept.reached = reached.kept.map { .init(target: $0.target, roaming: $0.roaming, instance: $0.instance, wasStandby: $0.wasStandby) }
        return kept
    }

    /// What was known. A primary that was seen before and after, in one life of its server, was one in between, whoever looked.
    /// - Parameters:
    ///   - now: by both clocks, the wall clock's not before what was kept.
    ///   - isTarget: whether a target is configured; what is known of others is left out.
    package init(_ kept: Kept, at now: Moment, isTarget: (String) -> Bool) {
        func time(_ wall: Double) -> MonotonicTime { MonotonicTime(now.monotonic.seconds - max(now.wall - wall, 0)) }
        for reached in kept.reached where isTarget(reached.target) {
            self.reached.restore(reached.target, roaming: reached.roaming, reached.instance, wasStandby: reached.wasStandby)
        }
        var targets = Set(kept.reached.map(\.target))
        for system in kept.systems.prefix(PrimarySightings.maximumSystems) {
            let name = system.systemIdentifier
            sightings.systems[name] = system.sightings.suffix(PrimarySightings.maximumSightings).map { sighting in
                PrimarySightings.Sighting(
                    side: sighting.side,
                    first: Moment(monotonic: time(sighting.first), wall: sighting.firstByWallClock),
                    last: Moment(monotonic: time(sighting.last), wall: sighting.lastByWallClock)
                )
            }
            targets.formUnion(system.sightings.map(\.side.target))
            guard let split = system.split, let together = system.lastTogether, unsettled.count < Self.maximumSplits else { continue }
            targets.formUnion(split.sides.map(\.target))
            unsettled[name] = split
            lastTogether[name] = time(together)
        }
        keep(onlyTargets: targets.filter(isTarget))
    }
}
