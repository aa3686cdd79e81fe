import ReplicationModel
import Testing

@testable import Collection

struct NameListTests {
    @Test(
        "Names in a setting are read as the server reads them",
        arguments: [
            ("", []), ("a", ["a"]), ("a, b ,c", ["a", "b", "c"]), ("Standby_B", ["standby_b"]), ("\"Odd Name\", x", ["Odd Name", "x"]),
            ("\"a\"\"b\"", ["a\"b"]), ("a,,", ["a"]),
        ] as [(String, [String])]
    )
    func names(setting: String, names: [String]) {
        #expect(NameList.names(in: setting) == names)
    }
}
