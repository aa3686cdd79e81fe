import ExporterConfiguration
import Testing
import YAMLTree

/// What docs/configuration.md shows is what the loader does.
struct DocumentationTests {
    /// The code blocks of the page, without the line that names their language.
    private func blocks() throws -> [String] {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let page = String(decoding: try BoundedFile.bytes(of: root + "/docs/configuration.md", limit: 1 << 20), as: UTF8.self)
        return page.split(separator: "\n```").enumerated().filter { !$0.offset.isMultiple(of: 2) }.map { block in
            String(block.element.drop { $0 != "\n" }.dropFirst())
        }
    }

    @Test func `the example is read, and shows the defaults of the collection`() throws {
        var expected = DesignExampleTests.configuration
        expected.collection = CollectionConfiguration()
        expected.targets[0].walDirectory = "/srv/pg/15/pg_wal"
        let example = try blocks()[0]
        #expect(try ConfigurationLoader.test.parse(example) == expected)
    }

    @Test func `the wrong example gives the messages shown`() throws {
        let blocks = try blocks()
        #expect(errors(in: blocks[1]).joined(separator: "\n") == blocks[2])
    }
}
