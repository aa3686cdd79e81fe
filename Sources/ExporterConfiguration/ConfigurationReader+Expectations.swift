internal import YAMLTree

extension ConfigurationReader {
    func readExpectations(_ reader: NodeReader) -> TargetConfiguration.Expectations {
        var expectations = TargetConfiguration.Expectations()
        guard let map = reader.mapping(of: ["role", "slots", "standbys"]) else { return expectations }
        if let role = map.optional("role")?.choice(of: TargetConfiguration.Role.self) { expectations.role = role }
        if let slots = map.optional("slots") { expectations.slots = readSlots(slots) }
        if let standbys = map.optional("standbys") { expectations.standbys = readStandbys(standbys) }
        return expectations
    }

    private func readSlots(_ reader: NodeReader) -> [TargetConfiguration.Slot] {
        var names = UniqueNames()
        return reader.list()?.compactMap { element in
            guard let map = element.mapping(of: ["name", "type"]) else { return nil }
            let nameReader = map.required("name")
            let name = nameReader?.text(TextRules.complaint(aboutSlotName:))
            if let name, let nameReader { names.insert(name, at: nameReader) }
            let kind = map.required("type", hint: "write physical or logical")?.choice(of: TargetConfiguration.Slot.Kind.self)
            guard let name, let kind else { return nil }
            return TargetConfiguration.Slot(name: name, kind: kind)
        } ?? []
    }

    private func readStandbys(_ reader: NodeReader) -> [TargetConfiguration.Standby] {
        var names = UniqueNames()
        return reader.list()?.compactMap { element in
            guard let map = element.mapping(of: ["application_name"]),
                let nameReader = map.required("application_name"),
                let name = nameReader.text(TextRules.complaint(aboutApplicationName:))
            else { return nil }
            names.insert(name, at: nameReader)
            return TargetConfiguration.Standby(applicationName: name)
        } ?? []
    }
}
