import Testing

@testable import Postgres

@Suite("Decoding rows")
struct DecodingTests {
    private func one(_ value: String?, named column: String = "value") -> RowSet {
        .literal(columns: [column], rows: [[value]])
    }

    @Test("Columns are read in the order of the SELECT list")
    func readsAllTypes() throws {
        let rows = RowSet.literal(
            columns: ["slot_name", "active", "bytes", "age", "plugin", "xmin", "seconds", "spill"],
            rows: [["a", "t", "42", "1.5", nil, nil, nil, nil], ["b", "f", "-7", "0", "pgoutput", "9", "2e-05", "t"]]
        )
        let texts = try rows.map { row throws(DecodeError) in
            let name = try row.text("slot_name")
            let active = try row.bool("active")
            let bytes = try row.int64("bytes")
            let age = try row.double("age")
            let plugin = try row.optionalText("plugin")
            let xmin = try row.optionalInt64("xmin")
            let seconds = try row.optionalDouble("seconds")
            let spill = try row.optionalBool("spill")
            return "\(name) \(active) \(bytes) \(age) \(plugin ?? "-") \(xmin ?? -1) \(seconds ?? -1) \(spill ?? false)"
        }
        #expect(texts == ["a true 42 1.5 - -1 -1.0 false", "b false -7 0.0 pgoutput 9 2e-05 true"])
    }

    @Test("A column with another name than the decoder asks for is an error")
    func checksNames() {
        let error = #expect(throws: DecodeError.self) { try one("1", named: "lag").single { row throws(DecodeError) in try row.int64("bytes") } }
        #expect(error?.description == #"row 0, column "bytes": expected int8, found column "lag""#)
    }

    @Test("NULL where a value is required is an error, never a default")
    func refusesNull() {
        let error = #expect(throws: DecodeError.self) { try one(nil).single { row throws(DecodeError) in try row.double("value") } }
        #expect(error?.description == #"row 0, column "value": expected float8, found NULL"#)
    }

    @Test("An empty text is not NULL")
    func distinguishesEmptyFromNull() throws {
        #expect(try one("").single { row throws(DecodeError) in try row.optionalText("value") } == "")
        #expect(try one(nil).single { row throws(DecodeError) in try row.optionalText("value") } == nil)
    }

    @Test("A column that the decoder leaves unread is an error")
    func refusesUnreadColumns() {
        let rows = RowSet.literal(columns: ["a", "b"], rows: [["1", "2"]])
        let error = #expect(throws: DecodeError.self) { try rows.single { row throws(DecodeError) in try row.int64("a") } }
        #expect(error?.column == "b")
    }

    @Test("Reading beyond the last column is an error")
    func refusesMissingColumns() {
        let error = #expect(throws: DecodeError.self) {
            try one("1").map { row throws(DecodeError) in
                _ = try row.int64("value")
                return try row.int64("more")
            }
        }
        #expect(error?.found == "no further column")
    }

    @Test("An integer is digits with at most a minus sign", arguments: ["0", "-1", "9223372036854775807", "-9223372036854775808", "007"])
    func readsIntegers(text: String) throws {
        #expect(try one(text).single { row throws(DecodeError) in try row.int64("value") } == Int64(text))
    }

    @Test(
        "Whatever is not wholly an integer is refused",
        arguments: ["", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "９", "9223372036854775808", "-9223372036854775809", "99999999999999999999"]
    )
    func refusesIntegers(text: String) {
        #expect(throws: DecodeError.self) { try one(text).single { row throws(DecodeError) in try row.int64("value") } }
    }

    @Test("A float is read to the last bit", arguments: ["0", "-0.5", "0.1", "1e+300", "1.7976931348623157e+308", "5e-324", "12345678901234567890"])
    func readsDoubles(text: String) throws {
        #expect(try one(text).single { row throws(DecodeError) in try row.double("value") } == Double(text))
    }

    @Test("PostgreSQL's infinities and NaN are floats")
    func readsSpecialDoubles() throws {
        #expect(try one("Infinity").single { row throws(DecodeError) in try row.double("value") } == .infinity)
        #expect(try one("-Infinity").single { row throws(DecodeError) in try row.double("value") } == -.infinity)
        #expect(try one("NaN").single { row throws(DecodeError) in try row.double("value") }.isNaN)
    }

    @Test(
        "Whatever is not wholly a float is refused, also what strtod would take",
        arguments: ["", ".", "-", "1.", ".5", "1e", "1 ", " 1", "0x1p3", "inf", "nan", "infinity", "1,5", "1.5.2", "--1", "00:00:05"]
    )
    func refusesDoubles(text: String) {
        #expect(throws: DecodeError.self) { try one(text).single { row throws(DecodeError) in try row.double("value") } }
    }

    @Test("A boolean is t or f, nothing else", arguments: ["true", "T", "1", "", "on", "tf"])
    func refusesBooleans(text: String) {
        #expect(throws: DecodeError.self) { try one(text).single { row throws(DecodeError) in try row.bool("value") } }
    }

    @Test("Names that are not UTF-8 stay different names")
    func escapesInvalidText() throws {
        let values: [[UInt8]] = [[0x61, 0xE9], [0x61, 0xE8], [0xC3, 0xA9, 0xFF, 0x62], [0xE2, 0x82], Array("schön \\ €".utf8)]
        let rows = RowSet.literal(columns: ["value"], bytes: values.map { [$0] })
        #expect(try rows.map { row throws(DecodeError) in try row.text("value") } == ["a\\xE9", "a\\xE8", "é\\xFFb", "\\xE2\\x82", "schön \\ €"])
    }

    @Test("The error shows a long value shortened and escaped")
    func shortensValues() {
        let error = #expect(throws: DecodeError.self) {
            try one("x\n" + String(repeating: "y", count: 100)).single { row throws(DecodeError) in try row.bool("value") }
        }
        #expect(error?.found == "\"x\\n" + String(repeating: "y", count: 62) + "\"…")
    }

    @Test("One row means one row")
    func countsRows() throws {
        let none = RowSet.literal(columns: ["value"], rows: [])
        let two = RowSet.literal(columns: ["value"], rows: [["1"], ["2"]])
        #expect(throws: DecodeError.self) { try none.single { row throws(DecodeError) in try row.int64("value") } }
        #expect(throws: DecodeError.self) { try two.single { row throws(DecodeError) in try row.int64("value") } }
        #expect(throws: DecodeError.self) { try two.atMostOne { row throws(DecodeError) in try row.int64("value") } }
        #expect(try none.atMostOne { row throws(DecodeError) in try row.int64("value") } == nil)
        #expect(none.isEmpty && two.count == 2 && two.columnNames == ["value"])
    }
}
