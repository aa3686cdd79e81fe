import ExporterConfiguration
import Testing

/// In which role of the server a slot or a standby is expected.
struct ExpectationTests {
    private typealias Role = TargetConfiguration.Role

    @Test(
        arguments: [
            ("", Role.primary), ("role: any, ", .primary), ("role: primary, ", .primary), ("role: standby, ", .standby),
        ] as [(String, TargetConfiguration.Role)]
    )
    func `what is expected is expected in the expected role, else on a primary`(role: String, expected: TargetConfiguration.Role) throws {
        let things = "slots: [{name: a}, {name: b, on: any}], standbys: [{application_name: a}, {application_name: b, on: any}]"
        // The order of the keys means nothing.
        for text in [role + things, role.isEmpty ? things : "\(things), \(role.dropLast(2))"] {
            let target = try #require(try ConfigurationLoader.test.parse("targets: [{name: a, dsn: '', expect: {\(text)}}]").targets.first)
            #expect(target.expectations.slots.map(\.on) == [expected, .any])
            #expect(target.expectations.standbys.map(\.on) == [expected, .any])
        }
    }

    @Test(arguments: TargetConfiguration.Role.allCases)
    func `each may have a role of its own, whatever that of the server is`(role: TargetConfiguration.Role) throws {
        let text = "role: standby, slots: [{name: a, on: \(role)}], standbys: [{application_name: a, 'on': \(role)}]"
        let target = try #require(try ConfigurationLoader.test.parse("targets: [{name: a, dsn: '', expect: {\(text)}}]").targets.first)
        #expect(target.expectations.role == .standby)
        #expect(target.expectations.slots.map(\.on) == [role])
        #expect(target.expectations.standbys.map(\.on) == [role])
    }

    @Test func `a slot without a type may be of either`() throws {
        let text = "slots: [{name: a}, {name: b, type: physical}, {name: c, type: logical}]"
        let target = try #require(try ConfigurationLoader.test.parse("targets: [{name: a, dsn: '', expect: {\(text)}}]").targets.first)
        #expect(target.expectations.slots.map(\.kind) == [nil, .physical, .logical])
    }
}
