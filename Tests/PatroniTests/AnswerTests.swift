import ReplicationModel
import Testing

@testable import Patroni

struct AnswerTests {
    @Test(
        "Members are read from Patroni 4 and 3 alike",
        arguments: [(Recordings.healthy4, "streaming", 23_021), (Recordings.healthy3, "running", 24_021)]
    )
    func members(text: String, replicaState: String, port: Int) throws {
        let answer = try ClusterAnswer(reader(text))
        #expect(!answer.isPaused)
        #expect(
            answer.members == [
                PatroniMember(name: "a-1", role: "leader", state: "running", address: .init(host: "127.0.0.1", port: port), timeline: 1),
                PatroniMember(name: "a-2", role: "replica", state: replicaState, address: .init(host: "127.0.0.1", port: port + 1), timeline: 1),
                PatroniMember(
                    name: "a-3",
                    role: "replica",
                    state: replicaState,
                    address: .init(host: "127.0.0.1", port: port + 2),
                    timeline: 1,
                    replicatesFrom: "a-2",
                    isExcludedFromFailover: true
                ),
            ]
        )
    }

    @Test("A standby cluster's leader, a stopped member and a switchover are told by roles and states")
    func rolesAndStates() throws {
        #expect(try rolesAndStates(Recordings.standbyHealthy4) == ["standby_leader streaming", "replica streaming"])
        #expect(try rolesAndStates(Recordings.incident4) == ["standby_leader running", "replica streaming"])
        #expect(try rolesAndStates(Recordings.standbyHealthy3) == ["standby_leader running", "replica running"])
        #expect(try rolesAndStates(Recordings.incident3) == ["standby_leader running", "replica running"])
        for text in [Recordings.stopped4, Recordings.stopped3] {
            let stopped = try #require(ClusterAnswer(reader(text)).members.last)
            #expect(stopped.state == "stopped")
            #expect(stopped.timeline == nil)
            #expect(!stopped.isRunning)
        }
        for text in [Recordings.switched4, Recordings.switched3] {
            #expect(try ClusterAnswer(reader(text)).members.first(where: \.isLeader)?.name == "a-2")
        }
    }

    private func rolesAndStates(_ text: String) throws -> [String] {
        try ClusterAnswer(reader(text)).members.map { "\($0.role) \($0.state)" }
    }

    @Test("Maintenance mode is told by a key that is absent otherwise", arguments: [Recordings.paused4, Recordings.paused3])
    func paused(text: String) throws {
        #expect(try ClusterAnswer(reader(text)).isPaused)
    }

    @Test("What Patroni leaves out or may add does no harm")
    func tolerance() throws {
        let answer = try ClusterAnswer(
            reader(
                #"""
                {"members": [{"name": "a", "role": "quorum_standby", "state": "", "lag": "unknown", "pending_restart": true, "new": {"x": []}},
                 {"name": "b", "role": "new role", "state": "new state", "host": "::1", "tags": {"nostream": "on", "failover_priority": 0, "x": 1}},
                 {"name": "c", "role": "replica", "state": "running", "tags": {"nofailover": false, "failover_priority": 0}, "timeline": null},
                 {"name": "d", "role": "replica", "state": "running", "tags": {"failover_priority": 1}}]}
                """#
            )
        )
        #expect(answer.members.map(\.address) == [nil, nil, nil, nil])
        #expect(answer.members.map(\.isNotStreaming) == [false, true, false, false])
        #expect(answer.members.map(\.isExcludedFromFailover) == [false, true, false, false])
        #expect(try ClusterAnswer(reader(#"{"members": []}"#)).members.isEmpty)
    }

    @Test(
        "A wrong type or a missing key is an error that names it, and never the value",
        arguments: [
            ("<html>", "not JSON"),
            ("[]", "expected an object, found a list"),
            ("{}", "members is missing"),
            (#"{"members": {}}"#, "members: expected a list, found an object"),
            (#"{"members": [{"role": "replica", "state": "running"}]}"#, "members[0].name is missing"),
            (#"{"members": [{"name": "a", "role": 1, "state": "running"}]}"#, "members[0].role: expected a string, found a whole number"),
            (#"{"members": [{"name": "a", "role": "replica", "state": null}]}"#, "members[0].state: expected a string, found null"),
            (
                #"{"members": [{"name": "a", "role": "replica", "state": "", "host": "h", "port": "secret"}]}"#,
                "members[0].port: expected a port, found a string"
            ),
            (
                #"{"members": [{"name": "a", "role": "replica", "state": "", "timeline": "1"}]}"#,
                "members[0].timeline: expected a whole number, found a string"
            ),
            (
                #"{"members": [{"name": "a", "role": "replica", "state": "", "timeline": 1.5}]}"#,
                "members[0].timeline: expected a whole number, found a number"
            ),
            (
                #"{"members": [{"name": "a", "role": "replica", "state": "", "tags": {"nostream": "maybe"}}]}"#,
                "members[0].tags.nostream: expected true or false, found a string"
            ),
            (#"{"members": [], "pause": []}"#, "pause: expected true or false, found a list"),
        ]
    )
    func strictCluster(text: String, complaint: String) {
        #expect(throws: AnswerError(complaint)) { try ClusterAnswer(reader(text)) }
    }

    @Test("The cluster's configuration", arguments: [Recordings.settings4, Recordings.settings3])
    func settings(text: String) throws {
        let expected = PatroniSettings(
            permanentSlots: [.init(name: "cdc", type: .logical), .init(name: "dc2_slot", type: .physical)],
            usesPgRewind: true
        )
        #expect(try SettingsAnswer(reader(text)).settings == expected)
    }

    @Test("A standby cluster's configuration", arguments: [(Recordings.standbySettings4, 23_021), (Recordings.standbySettings3, 24_021)])
    func standbySettings(text: String, port: Int) throws {
        let expected = PatroniSettings.StandbyCluster(host: "127.0.0.1", port: port, slotName: "dc2_slot")
        #expect(try SettingsAnswer(reader(text)).settings.standbyCluster == expected)
    }

    @Test("Defaults hold only for keys that are absent or null", arguments: ["{}", #"{"postgresql": null, "slots": null, "standby_cluster": null}"#])
    func defaults(text: String) throws {
        #expect(try SettingsAnswer(reader(text)).settings == PatroniSettings())
    }

    @Test("All forms of a permanent slot, of truth values and of a port")
    func settingsForms() throws {
        let settings = try SettingsAnswer(
            reader(
                #"""
                {"slots": {"a": null, "b": {}, "c": {"cluster_type": "standby"}, "d": {"type": "logical"}, "e": {"database": "x", "plugin": "y"}},
                 "ignore_slots": [{"name": "f", "type": "physical"}, {"plugin": "wal2json"}],
                 "standby_cluster": {"host": "h1,h2", "port": "5433"}, "postgresql": {"use_slots": "off", "use_pg_rewind": 1}}
                """#
            )
        ).settings
        #expect(settings.permanentSlots.map(\.name) == ["a", "b", "c", "d", "e"])
        #expect(settings.permanentSlots.map(\.type) == [.physical, .physical, .physical, .logical, .logical])
        #expect(settings.permanentSlots.map(\.clusterType) == [nil, nil, "standby", nil, nil])
        #expect(settings.ignoredSlots == ["f"])
        #expect(settings.standbyCluster == .init(host: "h1,h2", port: 5433, slotName: nil))
        #expect(!settings.usesSlots)
        #expect(settings.usesPgRewind)
    }

    @Test("A standby_cluster without a source makes none, one with an archive does")
    func standbySource() throws {
        #expect(try SettingsAnswer(reader(#"{"standby_cluster": {"primary_slot_name": "x"}}"#)).settings.standbyCluster == nil)
        #expect(try SettingsAnswer(reader(#"{"standby_cluster": {"restore_command": "x"}}"#)).settings.standbyCluster != nil)
    }

    @Test(
        "A configuration that cannot be understood is no configuration",
        arguments: [
            (#"{"slots": []}"#, "slots: expected an object, found a list"),
            (#"{"slots": {"a": "physical"}}"#, "slots.a: expected an object, found a string"),
            (#"{"slots": {"a": {"type": "other"}}}"#, "slots.a.type: neither physical nor logical"),
            (#"{"standby_cluster": {"host": 1}}"#, "standby_cluster.host: expected a string, found a whole number"),
            (#"{"standby_cluster": {"port": 0}}"#, "standby_cluster.port: expected a port, found a whole number"),
            (#"{"postgresql": {"use_slots": "perhaps"}}"#, "postgresql.use_slots: expected true or false, found a string"),
        ]
    )
    func strictSettings(text: String, complaint: String) {
        #expect(throws: AnswerError(complaint)) { try SettingsAnswer(reader(text)) }
    }

    @Test(
        "The last line of the history tells the last switch",
        arguments: [(Recordings.history4, 1_795_464_356.220131), (Recordings.history3, 1_795_464_353.976131)]
    )
    func history(text: String, time: Double) throws {
        #expect(try HistoryAnswer(reader(text)).lastSwitch == time)
    }

    @Test("No history, or a last line without a time yet: no time")
    func historyWithoutTime() throws {
        #expect(try HistoryAnswer(reader("[]")).lastSwitch == nil)
        let text = #"[[1, 5, "x", "2026-11-23T20:05:56+00:00"], [2, 6, "y"]]"#
        #expect(try HistoryAnswer(reader(text)).lastSwitch == nil)
        #expect(try HistoryAnswer(reader(#"[[1, 5, "x"], [2, 6, "y", "1970-01-01T00:01:00+00:00"]]"#)).lastSwitch == 60)
    }

    @Test(
        "A history of another form is an error",
        arguments: [
            ("{}", "expected a list, found an object"),
            ("[[1, 2]]", "[0]: expected 3 to 5 elements, found 2"),
            (#"[["1", 2, "x"]]"#, "[0][0]: expected a whole number, found a string"),
            (#"[[1, 2, "x", "yesterday"]]"#, "[0][3]: not a time in ISO 8601 with an offset"),
        ]
    )
    func strictHistory(text: String, complaint: String) {
        #expect(throws: AnswerError(complaint)) { try HistoryAnswer(reader(text)) }
    }

    @Test("The version", arguments: [(Recordings.status4, 4, 1), (Recordings.status3, 3, 0), (#"{"patroni": {"version": "5.0rc1"}}"#, 5, 0)])
    func version(text: String, major: Int, minor: Int) throws {
        #expect(try StatusAnswer(reader(text)).version == .init(major: major, minor: minor))
    }

    @Test(
        "No version, no Patroni",
        arguments: [
            ("{}", "patroni is missing"), (#"{"patroni": {}}"#, "patroni.version is missing"),
            (#"{"patroni": {"version": "four.1"}}"#, "patroni.version: not a version"),
            (#"{"patroni": {"version": "4"}}"#, "patroni.version: not a version"),
        ]
    )
    func strictVersion(text: String, complaint: String) {
        #expect(throws: AnswerError(complaint)) { try StatusAnswer(reader(text)) }
    }
}

private func reader(_ text: String) throws -> JSONReader {
    try JSONReader(text.utf8)
}
