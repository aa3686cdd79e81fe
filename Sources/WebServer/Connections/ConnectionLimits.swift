package import NIOCore

/// How long and how much a connection may take. What is slower or larger is closed.
package struct ConnectionLimits: Sendable {
    /// From the first byte of a request (from the connection's start for the first) until its header is there.
    package var header = TimeAmount.seconds(10)
    /// From the header until the whole body is there.
    package var body = TimeAmount.seconds(10)
    /// From an answer's first byte until the client has taken it all.
    package var answer = TimeAmount.seconds(30)
    /// From an answer to the next request of a client that has sent it already, times the number of such clients: together they get no more
    /// than a hundred answers a second, so that those who wait for theirs are not kept waiting.
    package var pace = TimeAmount.milliseconds(10)
    /// Without a further request.
    package var idle = TimeAmount.seconds(90)
    /// For the client to go after the last answer.
    package var farewell = TimeAmount.seconds(2)
    /// Bytes of a request's body. Nothing here takes any.
    package var bodySize = 64 * 1024
    /// Bytes of a request's header.
    package var headerSize = 32 * 1024
    /// Bytes of further requests that wait for an answer's end. They are read no faster than they are answered; the system may hand over
    /// all it has at a connection's end.
    package var waitingSize = 64 * 1024
    /// Bytes that are read at once, at most.
    package var readSize = 16 * 1024

    package init() {}
}
