import ReplicationModel
import Testing

@testable import Patroni

struct AnswerTests {
    @Test(
        "Members are read from Patroni 4 and 3 alike",
        arguments: [(Recordings.healthy4, "streaming", 23_021), (Recordings.healthy3, "running", 24_021)]
    )
    func members(text: String, replicaState: String, port: Int) throws {
        let answer = try read(ClusterAnswer.self, text).answer
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
            let stopped = try #require(read(ClusterAnswer.self, text).answer.members.last)
            #expect(stopped.state == "stopped")
            #expect(stopped.timeline == nil)
            #expect(!stopped.isRunning)
        }
        for text in [Recordings.switched4, Recordings.switched3] {
            #expect(try read(ClusterAnswer.self, text).answer.members.first(where: \.isLeader)?.name == "a-2")
        }
    }

    private func rolesAndStates(_ text: String) throws -> [String] {
        try read(ClusterAnswer.self, text).answer.members.map { "\($0.role) \($0.state)" }
    }

    @Test("Maintenance mode is told by a key that is absent otherwise", arguments: [Recordings.paused4, Recordings.paused3])
    func paused(text: String) throws {
        #expect(try read(ClusterAnswer.self, text).answer.isPaused)
    }

    @Test("What Patroni leaves out or may add does no harm")
    func tolerance() throws {
        let answer = try read(
            ClusterAnswer.self,
            #"""
            {"members": [{"name": "a", "role": "quorum_standby", "state": "", "lag": "unknown", "pending_restart": true, "new": {"x": []}},
             {"name": "b", "role": "new role", "state": "new state", "host": "::1", "tags": {"nostream": "on", "failover_priority": 0, "x": 1}},
             {"name": "c", "role": "replica", "state": "running", "tags": {"nofailover": false, "failover_priority": 0}, "timeline": null},
             {"name": "d", "role": "replica", "state": "running", "tags": {"failover_priority": 1}}]}
            """#
        ).answer
        #expect(answer.members.map(\.address) == [nil, nil, nil, nil])
        #expect(answer.members.map(\.isNotStreaming) == [false, true, false, false])
        #expect(answer.members.map(\.isExcludedFromFailover) == [false, true, false, false])
        #expect(try read(ClusterAnswer.self, #"{"members": []}"#).answer.members.isEmpty)
    }

    @Test(
        "Where there is nothing of use, that is an error, which never tells a value",
        arguments: [
            ("<html>", "not JSON"),
            ("[]", "expected an object"),
            ("{}", "members is missing"),
            (#"{"members": {}}"#, "members: expected a list"),
            (#"{"members": null}"#, "members: expected a list"),
            (String(repeating: "[", count: 100_000), "nested more than 32 deep"),
        ]
    )
    func unusable(text: String, complaint: String) {
        #expect(throws: AnswerError(complaint)) { try read(ClusterAnswer.self, text) }
    }

    @Test(
        "What is odd of a member costs itself, is told by its place, and never by its value",
        arguments: [
            (#""host": "h", "port": "secret""#, "members[1].port: expected a port"),
            (#""host": "h", "port": 0"#, "members[1].port: expected a port"),
            (#""host": "h", "port": 99999999999999999999"#, "members[1].port: expected a port"),
            (#""host": "h", "port": 1.5"#, "members[1].port: expected a port"),
            (#""host": ["h"], "port": 5432"#, "members[1].host: expected hosts"),
            (#""host": "10.0.0.2;password=secret", "port": 5432"#, "members[1].host: expected hosts"),
            (#""host": "h password=secret", "port": 5432"#, "members[1].host: expected hosts"),
            (#""conn_url": "postgres://u:secret@h;password=secret:5432/d""#, "members[1].conn_url: expected a connection URL with a host"),
            (#""host": "/run/postgresql", "port": 5432"#, "members[1].host: expected hosts, and no socket directories"),
            (#""host": "10.0.0.1,@abstract", "port": 5432"#, "members[1].host: expected hosts, and no socket directories"),
            (#""conn_url": "postgres://%2Frun:5432/postgres""#, "members[1].conn_url: expected a connection URL with a host"),
            (#""host": "a,b,c", "port": "1,2""#, "members[1]: expected as many ports as hosts, or one for all"),
            (#""conn_url": "nonsense""#, "members[1].conn_url: expected a connection URL"),
            (#""timeline": "two""#, "members[1].timeline: expected a whole number"),
            (#""timeline": 1.5"#, "members[1].timeline: expected a whole number"),
            (#""role": 1"#, "members[1].role: expected a string"),
            (#""tags": []"#, "members[1].tags: expected an object"),
            (#""tags": {"nostream": "maybe"}"#, "members[1].tags.nostream: expected true or false"),
            (#""tags": {"failover_priority": "high"}"#, "members[1].tags.failover_priority: expected a whole number"),
            (#""tags": {"replicatefrom": 7}"#, "members[1].tags.replicatefrom: expected a string"),
        ]
    )
    func oddMember(field: String, complaint: String) throws {
        let text =
            #"{"members": [{"name": "a", "role": "leader", "state": "running", "host": "10.0.0.1", "port": 5432}, {"name": "b", "#
            + field + #"}, {"name": "c", "role": "replica", "state": "streaming", "host": "10.0.0.3", "port": 5432}]}"#
        let read = try read(ClusterAnswer.self, text)
        #expect(read.oddities == [complaint])
        #expect(read.answer.members.map(\.name) == ["a", "b", "c"])
        #expect(read.answer.members.map(\.address?.host) == ["10.0.0.1", nil, "10.0.0.3"])
        #expect(read.answer.members[1].timeline == nil)
    }

    @Test(
        "A member without a usable name is none, and the others are there",
        arguments: [
            #"{"role": "replica"}"#, #"{"name": 1}"#, #"{"name": null}"#, #"{"name": ""}"#, "null", "7", #""x""#, "[]", #"{"name": "a\u0000b"}"#,
        ]
    )
    func nameless(element: String) throws {
        let read = try read(ClusterAnswer.self, #"{"members": [\#(element), {"name": "b"}]}"#)
        #expect(read.answer.members.map(\.name) == ["b"])
        #expect(read.answer.members[0].role == "unknown" && !read.answer.members[0].isRunning)
        #expect(!read.oddities.isEmpty)
    }

    @Test(
        "Several hosts and ports, numbers as text",
        arguments: [
            (#""host": "h", "port": "5433""#, ["h:5433"]),
            (#""host": "h", "port": "5432,5433""#, ["h:5432", "h:5433"]),
            (#""host": "a, b", "port": "5432,5433""#, ["a:5432", "b:5433"]),
            (#""host": "a,b", "port": 5433"#, ["a:5433", "b:5433"]),
            (#""host": "::1", "port": 5432"#, ["[::1]:5432"]),
            (#""conn_url": "postgres://u:p@w@a:5433,[::1]:5434,c/postgres?x=@y""#, ["a:5433", "[::1]:5434", "c:5432"]),
            (#""host": "h""#, []),
        ] as [(String, [String])]
    )
    func addresses(fields: String, addresses: [String]) throws {
        let read = try read(ClusterAnswer.self, #"{"members": [{"name": "a", \#(fields), "timeline": "3", "tags": {"failover_priority": "0"}}]}"#)
        #expect(read.oddities == [])
        #expect(read.answer.members[0].addresses.map(\.description) == addresses)
        #expect(read.answer.members[0].timeline == 3)
        #expect(read.answer.members[0].isExcludedFromFailover)
    }

    @Test("An odd pause is told, and so is a name that is there twice")
    func oddCluster() throws {
        let read = try read(ClusterAnswer.self, #"{"members": [{"name": "a"}, {"name": "a", "role": "leader"}], "pause": []}"#)
        #expect(read.answer.members.count == 1 && !read.answer.isPaused)
        #expect(Set(read.oddities) == ["members: a name is there twice", "pause: expected true or false"])
    }

    @Test("Numbers of members and lengths of names are bounded, and so is what is told of them")
    func bounds() throws {
        let many = (0..<1_500).map { #"{"name": "m\#($0)", "port": "x"}"# }.joined(separator: ",")
        let read = try read(ClusterAnswer.self, #"{"members": [\#(many), "x"]}"#)
        #expect(read.answer.members.count == 1_000)
        #expect(read.oddities.count == 21 && read.oddities.last == "and 981 more")
        let long = String(repeating: "x", count: 256)
        let names = try self.read(ClusterAnswer.self, #"{"members": [{"name": "\#(long)"}, {"name": "a", "role": "\#(long)"}]}"#)
        #expect(names.answer.members.map(\.name) == ["a"])
        #expect(names.answer.members[0].role == "unknown")
        #expect(names.oddities.allSatisfy { $0.utf8.count < 200 })
    }

    @Test("The cluster's configuration", arguments: [Recordings.settings4, Recordings.settings3])
    func settings(text: String) throws {
        let expected = PatroniSettings(
            permanentSlots: [.init(name: "cdc", type: .logical), .init(name: "dc2_slot", type: .physical)],
            usesPgRewind: true
        )
        #expect(try read(SettingsAnswer.self, text).answer.settings == expected)
    }

    @Test("A standby cluster's configuration", arguments: [(Recordings.standbySettings4, 23_021), (Recordings.standbySettings3, 24_021)])
    func standbySettings(text: String, port: Int) throws {
        let expected = PatroniSettings.StandbyCluster(host: "127.0.0.1", port: port, slotName: "dc2_slot")
        #expect(try read(SettingsAnswer.self, text).answer.settings.standbyCluster == expected)
    }

    @Test("Defaults hold only for keys that are absent or null", arguments: ["{}", #"{"postgresql": null, "slots": null, "standby_cluster": null}"#])
    func defaults(text: String) throws {
        #expect(try read(SettingsAnswer.self, text).answer.settings == PatroniSettings())
    }

    @Test("All forms of a permanent slot, of truth values and of a port")
    func settingsForms() throws {
        let settings = try read(
            SettingsAnswer.self,
            #"""
            {"slots": {"a": null, "b": {}, "c": {"cluster_type": "standby"}, "d": {"type": "logical"}, "e": {"database": "x", "plugin": "y"}},
             "ignore_slots": [{"name": "f", "type": "physical"}, {"plugin": "wal2json"}],
             "standby_cluster": {"host": "h1,h2", "port": "5433"}, "postgresql": {"use_slots": "off", "use_pg_rewind": 1}}
            """#
        ).answer.settings
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
        #expect(try read(SettingsAnswer.self, #"{"standby_cluster": {"primary_slot_name": "x"}}"#).answer.settings.standbyCluster == nil)
        #expect(try read(SettingsAnswer.self, #"{"standby_cluster": {"restore_command": "x"}}"#).answer.settings.standbyCluster != nil)
    }

    @Test(
        "What is odd in the configuration costs itself",
        arguments: [
            (#""slots": []"#, "slots: expected an object"),
            (#""slots": {"a": "physical"}"#, "slots.a: expected an object"),
            (#""slots": {"a": {"type": "other"}}"#, "slots.a: type: neither physical nor logical"),
            (#""slots": {"a": {"type": 1}}"#, "slots.a.type: expected a string"),
            (#""ignore_slots": {}"#, "ignore_slots: expected a list"),
            (#""ignore_slots": [null]"#, "ignore_slots[0]: expected an object"),
            (#""standby_cluster": "yes""#, "standby_cluster: expected an object"),
            (#""postgresql": 15"#, "postgresql: expected an object"),
        ]
    )
    func oddSettings(text: String, complaint: String) throws {
        let read = try read(SettingsAnswer.self, #"{\#(text), "permanent_slots": {"kept": null}}"#)
        #expect(read.oddities.first == complaint)
        #expect(read.answer.settings.permanentSlots == [.init(name: "kept", type: .physical)])
        #expect(read.answer.settings.usesSlots)
    }

    @Test("An odd source of a standby cluster leaves it one, and its slot")
    func oddSource() throws {
        for (host, port) in [("1", "5432"), (#""h""#, "0"), (#""h1,h2""#, #""1,2,3""#)] {
            let text =
                #"{"standby_cluster": {"host": \#(host), "port": \#(port), "primary_slot_name": "dc2"}, "postgresql": {"use_slots": "perhaps"}}"#
            let read = try read(SettingsAnswer.self, text)
            #expect(read.oddities.count == 2)
            #expect(read.answer.settings.standbyCluster?.slotName == "dc2")
        }
        let several = try read(SettingsAnswer.self, #"{"standby_cluster": {"host": "h1, h2", "port": "5432,5433"}}"#)
        #expect(several.answer.settings.standbyCluster?.addresses.map(\.description) == ["h1:5432", "h2:5433"])
    }

    @Test(
        "The last line of the history tells the last switch",
        arguments: [(Recordings.history4, 1_795_464_356.220131), (Recordings.history3, 1_795_464_353.976131)]
    )
    func history(text: String, time: Double) throws {
        #expect(try read(HistoryAnswer.self, text).answer.lastSwitch == time)
    }

    @Test("No history, or a last line without a time yet: no time")
    func historyWithoutTime() throws {
        #expect(try read(HistoryAnswer.self, "[]").answer.lastSwitch == nil)
        let text = #"[[1, 5, "x", "2026-11-23T20:05:56+00:00"], [2, 6, "y"]]"#
        #expect(try read(HistoryAnswer.self, text).answer.lastSwitch == nil)
        #expect(try read(HistoryAnswer.self, #"[[1, 5, "x"], [2, 6, "y", "1970-01-01T00:01:00+00:00"]]"#).answer.lastSwitch == 60)
    }

    @Test(
        "A history of another form tells nothing, or what it can",
        arguments: [
            ("[[1, 2]]", []), ("[null]", ["[0]: expected a list"]), (#"[["1", {}, ["x"]]]"#, []), ("[7, [1, 2, \"x\"]]", []),
            (#"[[1, 2, "x", "yesterday"]]"#, ["[0][3]: expected a time in ISO 8601 with an offset"]),
        ] as [(String, [String])]
    )
    func oddHistory(text: String, oddities: [String]) throws {
        let read = try read(HistoryAnswer.self, text)
        #expect(read.answer.lastSwitch == nil)
        #expect(read.oddities == oddities)
        #expect(throws: AnswerError("expected a list")) { try self.read(HistoryAnswer.self, "{}") }
    }

    @Test("The version", arguments: [(Recordings.status4, 4, 1), (Recordings.status3, 3, 0), (#"{"patroni": {"version": "5.0rc1"}}"#, 5, 0)])
    func version(text: String, major: Int, minor: Int) throws {
        #expect(try read(StatusAnswer.self, text).answer.version == .init(major: major, minor: minor))
    }

    @Test(
        "A version of a form that is not known is none",
        arguments: [#"{}"#, #"null"#, #"{"version": "four.1"}"#, #"{"version": "4"}"#, #"{"version": 4.1}"#]
    )
    func oddVersion(patroni: String) throws {
        #expect(try read(StatusAnswer.self, #"{"patroni": \#(patroni)}"#).answer.version == nil)
    }

    @Test("What answers without a word of Patroni is none")
    func noPatroni() {
        #expect(throws: AnswerError("not an answer of Patroni: patroni is missing")) { try read(StatusAnswer.self, "{}") }
    }

    private func read<Answer: Readable>(_ type: Answer.Type, _ text: String) throws -> Read<Answer> {
        try AnswerReader.read(type, Array(text.utf8))
    }
}
