/// A duration for people, in whole milliseconds: `4500 ms`.
struct WholeMilliseconds: CustomStringConvertible {
    let description: String

    init(_ duration: Duration) {
        description = "\(Int((duration / .milliseconds(1)).rounded())) ms"
    }
}
