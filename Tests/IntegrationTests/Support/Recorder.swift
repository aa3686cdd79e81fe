import PostgresTestSupport

/// Passes connections on to a port, and keeps every byte of both directions.
struct Recorder {
    private let process: ChildProcess
    private let reservation: PortReservation
    private let record: String

    /// The port to connect to instead.
    var port: Int { reservation.port }

    init(to port: Int) async throws {
        let program = try Exporter.file(
            """
            import socket, sys, threading
            record = open(sys.argv[3], "ab", buffering=0)
            def copy(source, sink):
                try:
                    while data := source.recv(65536):
                        record.write(data)
                        sink.sendall(data)
                except OSError:
                    pass
                for end in (source, sink):
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
            listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
            print("ready", flush=True)
            while True:
                client = listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=copy, args=pair, daemon=True).start()
            """
        )
        reservation = try PortReservation()
        record = try Exporter.file("")
        let process = try ChildProcess("python3", [program, "\(reservation.port)", "\(port)", record])
        self.process = process
        try await waitUntil("the recorder listens") {
            guard process.isRunning else { throw SupportFailure(process.output) }
            return process.output == "ready\n"
        }
    }

    /// Whether these bytes were sent in one direction or the other.
    func contains(_ text: String) async throws -> Bool {
        let outcome = try await ChildProcess.run("grep", ["--quiet", "--text", "--fixed-strings", "--", text, record])
        switch outcome.status {
        case .code(0): return true
        case .code(1): return false
        default: throw SupportFailure("grep: \(outcome.errors)")
        }
    }

    func stop() async {
        await process.terminate()
    }
}
