import NIOPosix
import Testing
import TimeSupport
import YAMLTree

@testable import WebServer

struct PasswordTests {
    static let salt = "abcdefghijklmnopqrstuu"

    static func hash(_ password: String, cost: Int = 4, letter: String = "y") throws -> String {
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        let computed = Bcrypt.computed(Array(password.utf8), setting: "$2\(letter)$\(digits)$\(salt)")
        return String(decoding: try #require(computed), as: UTF8.self)
    }

    private static func user(_ name: String, _ hash: String) -> ConfiguredUser {
        ConfiguredUser(
            name: Array(name.utf8),
            hash: Placed(value: hash, place: Place(file: "f", mark: .init(line: 1, column: 1), path: ""))
        )
    }

    private static func check(_ checks: PasswordChecks, _ user: String, _ password: String, _ users: [ConfiguredUser]) async throws -> Bool {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        return try await checks.areRight(BasicCredentials(user: Array(user.utf8), password: Array(password.utf8)), among: users, on: loop)
    }

    @Test("Users with and without TLS (40, 41)", arguments: [true, false])
    func users(isTLS: Bool) async throws {
        let users = """
            basic_auth_users:
              alice: \(try Self.hash("alice123", cost: 12))
              bob: $2y$18$\(Self.salt)\(String(repeating: "a", count: 31))
              carol: \(try Self.hash("carol123", cost: 10))
              dave: \(try Self.hash("dave123", cost: 10, letter: "b"))
            """
        let yaml = users + (isTLS ? "\ntls_server_config: {cert_file: server.crt, key_file: server.key}" : "")
        try await HelloServer.run(yaml) { server in
            let scheme = isTLS ? "https" : "http"
            let nobody = try await server.curl(scheme: scheme)
            #expect(nobody.status == "401" && nobody.body == "Unauthorized\n")
            #expect(nobody.details.contains("WWW-Authenticate: Basic\r\n") || nobody.details.contains("WWW-Authenticate: Basic\n"))
            for credentials in ["dave:dave123", "carol:carol123"] {
                #expect(try await server.curl(["--user", credentials], scheme: scheme).body == "Hello World!")
            }
        }
        // Apart: a wrong password is compared at the highest cost, and here that is 18.
        let quick = "basic_auth_users: {dave: \(try Self.hash("dave123"))}"
        try await HelloServer.run(quick + (isTLS ? "\ntls_server_config: {cert_file: server.crt, key_file: server.key}" : "")) { server in
            for credentials in ["dave:bad", "nonexistent:nonexistent", "dave:", ":dave123", "Dave:dave123"] {
                let answer = try await server.curl(["--user", credentials], scheme: isTLS ? "https" : "http")
                #expect(answer.status == "401" && answer.body == "Unauthorized\n")
            }
        }
    }

    @Test("A right and a wrong password are told apart, also 150 of each at once")
    func many() async throws {
        let checks = PasswordChecks()
        let users = [Self.user("alice", try Self.hash("alice123", cost: 10))]
        #expect(try await Self.check(checks, "alice", "alice123", users))
        #expect(try await !Self.check(checks, "alice", "wrong", users))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<300 {
                group.addTask {
                    try await Self.check(checks, "alice", index.isMultiple(of: 2) ? "alice123" : "wrong", users) == index.isMultiple(of: 2)
                }
            }
            for try await isAsExpected in group { #expect(isAsExpected) }
        }
    }

    @Test("Wrong passwords that come faster than they are found wrong are refused at some time, and a right one that is known is not kept waiting")
    func flood() async throws {
        let checks = PasswordChecks()
        let users = [Self.user("alice", try Self.hash("alice123", cost: 8))]
        #expect(try await Self.check(checks, "alice", "alice123", users))
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask {
                    do {
                        return try await Self.check(checks, "alice", "wrong \(index)", users)
                    } catch is PasswordChecks.TooManyWaiting {
                        return true
                    } catch {
                        return false
                    }
                }
            }
            let watch = Stopwatch()
            let isRight = try? await Self.check(checks, "alice", "alice123", users)
            #expect(isRight == true && watch.elapsed < .seconds(1))
            let refused = await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            #expect((100..<137).contains(refused), "\(refused)")
        }
        #expect(try await !Self.check(checks, "alice", "wrong again", users))
    }

    @Test("Many who ask the same thing are one question")
    func oneQuestion() async throws {
        let checks = PasswordChecks()
        let users = [Self.user("alice", try Self.hash("alice123", cost: 10))]
        let start = ContinuousClock.now
        _ = try await Self.check(checks, "alice", "another", users)
        let one = ContinuousClock.now - start
        let watch = Stopwatch()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<300 { group.addTask { try await Self.check(checks, "alice", "wrong", users) } }
            for try await isRight in group { #expect(!isRight) }
        }
        #expect(watch.elapsed < max(.seconds(5), one * 100))
    }

    @Test("Nobody logs in with a dummy's password, a NUL, or another way to cut name, hash and password apart")
    func collisions() async throws {
        let checks = PasswordChecks()
        let alice = try Self.hash("alice123")
        let users = [Self.user("alice", alice)]
        for _ in 0..<2 { #expect(try await !Self.check(checks, "fakeuser", "fakepassword", users)) }
        #expect(try await Self.check(checks, "alice", "alice123", users))
        #expect(try await !Self.check(checks, "alice" + alice, "alice123", users))
        #expect(try await !Self.check(checks, "alice", alice + "alice123", users))
        #expect(try await !Self.check(checks, "alice", "alice123\0", users))
        #expect(try await !Self.check(checks, "alice", "alice123\0x", users))
        #expect(try await !Self.check(checks, "nobody", String(repeating: "7", count: 31), users))
        // A changed hash is another question, whatever was answered before.
        #expect(try await !Self.check(checks, "alice", "alice123", [Self.user("alice", try Self.hash("other"))]))
    }

    @Test("The cache holds 100 verdicts of each kind at most, and wrong passwords push no right one out")
    func cache() {
        var cache = VerdictCache()
        func question(_ index: Int) -> VerdictCache.Question { .init(user: [1], hash: "h", password: Array("\(index)".utf8)) }
        cache.note(question(-1), isGood: true)
        var sizes: [Int] = []
        for index in 0..<200 {
            cache.note(question(index), isGood: false)
            sizes.append(cache.bad.count)
        }
        #expect(sizes.max() == 100 && sizes.firstIndex(of: 100) == 99 && sizes[100] == 90)
        #expect(cache[question(-1)] == true)
        for index in 200..<400 { cache.note(question(index), isGood: true) }
        #expect(cache.good.count <= 100)
        #expect(cache[question(5000)] == nil)
    }

    @Test(
        "A hash is checked before it is used",
        arguments: [
            ("doe", "hashedSecret too short to be a bcrypted password"),
            (String(repeating: "x", count: 60), "must start with '$'"),
            ("$3y$10$" + String(repeating: "x", count: 53), "newer than current version"),
            ("$1$10$" + String(repeating: "x", count: 54), "begins with $2a$"),
            ("$2y$xx$" + String(repeating: "x", count: 53), "cost is not a number"),
            ("$2y$03$" + String(repeating: "x", count: 53), "outside allowed inclusive range 4..31"),
            ("$2y$32$" + String(repeating: "x", count: 53), "outside allowed inclusive range 4..31"),
            ("$2y$10$" + String(repeating: "x", count: 52), "exactly 60"),
            ("$2y$10$" + String(repeating: "x", count: 54), "exactly 60"),
            ("$2y$10$" + String(repeating: "x", count: 52) + "!", "exactly 60"),
        ]
    )
    func hashRules(hash: String, phrase: String) {
        #expect(PasswordHash.problem(hash)?.contains(phrase) == true, "\(PasswordHash.problem(hash) ?? "nil")")
        #expect(PasswordHash.problem(hash)?.contains("xxx") == false)
    }

    @Test("Every letter of bcrypt is good", arguments: ["a", "b", "x", "y"])
    func letters(letter: String) throws {
        let hash = try Self.hash("secret", letter: letter)
        #expect(PasswordHash.problem(hash) == nil)
        #expect(Bcrypt.isMatch(Array("secret".utf8), hash: hash))
        #expect(!Bcrypt.isMatch(Array("secreT".utf8), hash: hash))
    }

    @Test(
        "Credentials are read strictly, and cut at the first colon",
        arguments: [
            ("Basic YTpiOmM=", ("a", "b:c")), ("bAsIc Og==", ("", "")), ("Basic  YTpi", nil), ("Basic YTpiOmM", nil), ("Basic YTpi x", nil),
            ("Bearer YTpi", nil), ("Basic YWI=", nil), ("Basic", nil), ("", nil),
        ] as [(String, (String, String)?)]
    )
    func credentials(header: String, expected: (String, String)?) {
        let found = BasicCredentials(authorization: header)
        #expect(found == expected.map { BasicCredentials(user: Array($0.0.utf8), password: Array($0.1.utf8)) })
    }
}
