import Exposition
import MetricCatalog
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

struct DocumentTests {
    @Test("docs/METRICS.md is what the catalogue says: `pgwal_exporter metrics --markdown > docs/METRICS.md` writes it")
    func isCurrent() throws {
        let file = try #require(fopen(Self.path, "r"), "docs/METRICS.md is missing")
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        let document = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let expected = CatalogDocument.markdown.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(document.count == expected.count)
        for (found, wanted) in zip(document, expected) { #expect(found == wanted) }
    }

    @Test("Every metric is a row of six cells in the document, and a paragraph on the terminal")
    func rows() {
        let rows = CatalogDocument.markdown.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == Catalog.metrics.count)
        for row in rows { #expect(row.replacing("\\|", with: "").count { $0 == "|" } == 7, "\(row)") }
        for metric in Catalog.metrics { #expect(CatalogDocument.plainText.contains("\(metric.descriptor.name)")) }
    }

    private static var path: String {
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/docs/METRICS.md"
    }
}
