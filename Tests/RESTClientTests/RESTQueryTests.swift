import Testing

@testable import RESTClient

struct RESTQueryTests {
    @Test("Parameters are percent-encoded, and what has no value is left out")
    func query() {
        #expect(
            RESTQuery.text([("kind", "lag"), ("warning", nil), ("critical", "@10:20"), ("target", "Ü +&=/\n")])
                == "?kind=lag&critical=%4010%3A20&target=%C3%9C%20%2B%26%3D%2F%0A"
        )
        #expect(RESTQuery.text([("a", nil)]) == "")
    }
}
