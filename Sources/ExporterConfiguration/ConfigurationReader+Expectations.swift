internal import YAMLTree

extension ConfigurationReader {
    /// What is expected of a target.
    func readExpectations(_ reader: NodeReader) -> TargetConfiguration.Expectations {
        guard let map = reader.mapping(of: ["role", "slots", "standbys", "detached", "delay"]) else { return TargetConfiguration.Expectations() }
        var expectations = readExpectations(map, role: map.optional("role")?.choice() ?? .any)
        expectations.isDetached = map.optional("detached")?.boolean() ?? false
        expectations.delay = readDuration(map.optional("delay"), within: Self.delayLimit)
        return expectations
    }

    /// As `recovery_min_apply_delay` has it: 0 is no delay.
    private static let delayLimit = DurationLimit(range: .seconds(1) ... .seconds(24 * 86_400))

    /// What is expected of each member of a Patroni cluster.
    func readMemberExpectations(_ reader: NodeReader) -> TargetConfiguration.Expectations {
        // `role` is worth more than "unknown key", and is not to be offered among the known ones.
        let refused = ["role", "detached", "delay"].filter(reader.hasKey)
        guard let map = reader.mapping(of: ["slots", "standbys"] + refused) else { return TargetConfiguration.Expectations() }
        for key in refused where key != "role" {
            map.optional(key)?.complain("not for all members of a Patroni cluster; name the target under 'targets'")
        }
        if refused.contains("role") {
            map.optional("role")?.complain("not for the members of a Patroni cluster: which of them is the primary is Patroni's to decide")
        }
        return readExpectations(map, role: .any)
    }

    private func readExpectations(_ map: MappingReader, role: TargetConfiguration.Role) -> TargetConfiguration.Expectations {
        let usual = role == .any ? .primary : role
        return TargetConfiguration.Expectations(
            role: role,
            slots: map.optional("slots").map { readSlots($0, on: usual) } ?? [],
            standbys: map.optional("standbys").map { readStandbys($0, on: usual) } ?? []
        )
    }

    private func readSlots(_ reader: NodeReader, on usual: TargetConfiguration.Role) -> [TargetConfiguration.Slot] {
        var names = UniqueNames()
        return reader.list()?.compactMap { element in
            guard let map = element.mapping(of: ["name", "type", "on"]) else { return nil }
            let nameReader = map.required("name")
            let name = nameReader?.text(TextRules.complaint(aboutSlotName:))
            if let name, let nameReader { names.insert(name, at: nameReader) }
            let kind = map.optional("type")?.choice(of: TargetConfiguration.Slot.Kind.self)
            let on = readRole(map.optional("on"), orElse: usual)
            return name.map { TargetConfiguration.Slot(name: $0, kind: kind, on: on) }
        } ?? []
    }

    private func readStandbys(_ reader: NodeReader, on usual: TargetConfiguration.Role) -> [TargetConfiguration.Standby] {
        var names = UniqueNames()
        return reader.list()?.compactMap { element in
            guard let map = element.mapping(of: ["application_name", "on"]) else { return nil }
            let nameReader = map.required("application_name")
            let name = nameReader?.text(TextRules.complaint(aboutApplicationName:))
            if let name, let nameReader { names.insert(name, at: nameReader) }
            let on = readRole(map.optional("on"), orElse: usual)
            return name.map { TargetConfiguration.Standby(applicationName: $0, on: on) }
        } ?? []
    }

    private func readRole(_ reader: NodeReader?, orElse usual: TargetConfiguration.Role) -> TargetConfiguration.Role {
        reader?.choice() ?? usual
    }
}

extension NodeReader {
    fileprivate func hasKey(_ key: String) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        return entries.contains { $0.key == key }
    }
}
