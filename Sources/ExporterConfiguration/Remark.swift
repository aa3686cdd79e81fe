internal import YAMLTree

/// Something about the machine around a configuration that is right in itself: its files may come and go while the exporter runs.
package enum Remark: Sendable, Hashable {
    /// Something will not work as long as it is so.
    case obstacle(String)
    /// It works, and others can see a secret.
    case exposure(String)

    /// One line without a secret: `config.yml:4:11: targets[0].password_file: …`.
    package var line: String {
        switch self {
        case .obstacle(let line), .exposure(let line): line
        }
    }

    /// Whether something will not work.
    package var isObstacle: Bool {
        if case .obstacle = self { true } else { false }
    }

    func at(_ place: (String) -> String) -> Remark {
        switch self {
        case .obstacle(let line): .obstacle(place(line))
        case .exposure(let line): .exposure(place(line))
        }
    }
}

/// The remarks about one file, in the order of its values.
final class RemarkLog {
    private let file: String
    private(set) var remarks: [Remark] = []

    init(file: String) {
        self.file = file
    }

    /// Notes a remark about a value.
    func add(_ remark: Remark, at reader: NodeReader) {
        remarks.append(remark.at { Problem(file: file, mark: reader.node.mark, path: reader.path, message: $0).description })
    }

    /// Notes a remark about the whole.
    func add(_ remark: Remark) {
        remarks.append(remark.at { Problem(file: file, message: $0).description })
    }
}
