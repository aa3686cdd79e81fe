import PostgresTestSupport

/// A host of its own as far as the network goes (Linux, root): its loopback, and `eth0` with an address.
///
/// It has no name and is gone with its processes. Files and Unix sockets are everybody's.
struct NetworkNamespace {
    private let holder: ChildProcess

    /// nil where it is not allowed, with the reason.
    static func make(address: String) async throws -> Result<NetworkNamespace, SupportFailure> {
        let trial = try? await ChildProcess.run("unshare", ["--net", "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "fabric0"])
        guard let trial, trial.status == .code(0) else {
            return .failure(SupportFailure("no network namespace with a pair of interfaces: \(trial?.errors ?? "no unshare(1)")"))
        }
        return .success(try await NetworkNamespace(address: address))
    }

    private init(address: String) async throws {
        holder = try ChildProcess("unshare", ["--net", "sleep", "infinity"])
        // Until the holder has left our namespace, commands would run there.
        try await waitUntil("the namespace is there") {
            let namespaces = ["self", "\(holder.pid)"].map { "/proc/\($0)/ns/net" }
            let links = try await ChildProcess.check("readlink", namespaces).split(separator: "\n")
            return links.count == 2 && links[0] != links[1]
        }
        for arguments in [
            ["link", "set", "lo", "up"], ["link", "add", "eth0", "type", "veth", "peer", "name", "fabric0"],
            ["address", "add", address, "dev", "eth0"], ["link", "set", "eth0", "up"], ["link", "set", "fabric0", "up"],
        ] {
            try await ChildProcess.check("nsenter", prefix + ["ip"] + arguments)
        }
    }

    /// The arguments of nsenter(1) before a command.
    var prefix: [String] { ["--net=/proc/\(holder.pid)/ns/net", "--"] }

    /// Starts a program there.
    func start(_ program: String, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess("nsenter", prefix + [program] + arguments)
    }

    /// The IPv4 addresses of `eth0`.
    func addresses() async throws -> [String] {
        let lines = try await ChildProcess.check("nsenter", prefix + ["ip", "-oneline", "-4", "address", "show", "dev", "eth0"])
        return lines.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.firstIndex(of: "inet").map { String(words[$0 + 1]) }
        }
    }

    /// Requests from there.
    func status(_ url: String) async throws -> String {
        try await ChildProcess.run(
            "nsenter",
            prefix + ["curl", "--silent", "--max-time", "5", "--output", "/dev/null", "--write-out", "%{http_code}", url]
        ).output
    }

    func stop() async {
        await holder.terminate()
    }
}
