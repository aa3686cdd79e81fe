internal import CLibYAML

/// The parser of libyaml as a sequence of Swift values.
final class EventStream {
    /// One step through a document.
    struct Event {
        enum Kind {
            case streamStart, streamEnd, documentStart, documentEnd
            case sequenceStart, sequenceEnd, mappingStart, mappingEnd
            case scalar(Node.Scalar)
            case alias
        }

        var kind: Kind
        var mark: Mark
        var hasAnchor = false
        var hasTag = false
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    // libyaml keeps a pointer to its input, so that the bytes need an address for as long as the parser lives.
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        precondition(yaml_parser_initialize(parser) == 1, "out of memory")
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event, or the syntax error that ends the stream.
    func next() throws(SyntaxError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            throw SyntaxError(parser.pointee, input: UnsafeBufferPointer(input))
        }
        defer { yaml_event_delete(&event) }
        var result = Event(kind: .streamEnd, mark: Mark(event.start_mark))
        switch event.type {
        case YAML_STREAM_START_EVENT: result.kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
        case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
        case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
        case YAML_ALIAS_EVENT: result.kind = .alias
        case YAML_SEQUENCE_START_EVENT:
            result.kind = .sequenceStart
            result.hasAnchor = event.data.sequence_start.anchor != nil
            result.hasTag = event.data.sequence_start.tag != nil
        case YAML_MAPPING_START_EVENT:
            result.kind = .mappingStart
            result.hasAnchor = event.data.mapping_start.anchor != nil
            result.hasTag = event.data.mapping_start.tag != nil
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            result.kind = .scalar(
                Node.Scalar(text: String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            )
            result.hasAnchor = scalar.anchor != nil
            result.hasTag = scalar.tag != nil
        default: break
        }
        return result
    }
}

extension Mark {
    /// libyaml counts from 0.
    init(_ mark: yaml_mark_t) {
        self.init(line: mark.line + 1, column: mark.column + 1)
    }
}
