import PostgresTestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder with certificates, made by the openssl command: server.crt and .key of an authority whose chain is ca.pem, a certificate of
/// another kind beside each, and clients'.
struct TestFiles: Sendable {
    let folder: String

    /// One folder for all tests; files of their own go into folders of their own.
    static let shared = Task { try await TestFiles.make() }

    private static func make() async throws -> TestFiles {
        let files = TestFiles(folder: TemporaryRoot.uniquePath("certificates"))
        guard mkdir(files.folder, 0o700) == 0 else { throw SupportFailure("mkdir \(files.folder)") }
        try await files.shell(
            """
            authority() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" -keyout $1.key -out $1.pem \
              -addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign; }
            # signed AUTHORITY NAME KEYTYPE EXTENSIONS [DAYS]
            signed() { local key="ec -pkeyopt ec_paramgen_curve:$3"; [ "$3" = rsa ] && key=rsa:2048; [ "$3" = ed25519 ] && key=ed25519
              openssl req -newkey $key -nodes -subj "/CN=$2" -keyout $2.key -out $2.csr; printf "$4" > $2.ext
              openssl x509 -req -in $2.csr -CA $1.pem -CAkey $1.key -CAcreateserial -days ${5:-2} -extfile $2.ext -out $2.crt; }
            selfsigned() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -days 2 -subj "/CN=$2" -keyout $1.key -out $1.crt \
              -addext extendedKeyUsage=clientAuth $3 $4; }
            server='subjectAltName=DNS:localhost,IP:127.0.0.1\\nextendedKeyUsage=serverAuth,clientAuth\\nkeyUsage=digitalSignature,keyEncipherment\\n'
            client='extendedKeyUsage=clientAuth\\nkeyUsage=digitalSignature\\n'
            authority root; authority other
            signed root intermediate P-256 'basicConstraints=critical,CA:TRUE\\nkeyUsage=keyCertSign\\n'
            cp intermediate.crt intermediate.pem; cat intermediate.pem root.pem > ca.pem
            signed intermediate server rsa "$server"; signed intermediate server2 rsa "$server"
            signed intermediate server_ecdsa P-256 "$server"; signed intermediate server_ed25519 ed25519 "$server"
            cat server.crt server.key > both.pem
            selfsigned client_selfsigned test; selfsigned client2_selfsigned test3 -addext subjectAltName=DNS:test3
            signed root client_names P-256 "$client"'subjectAltName=DNS:Mixed.Case,email:a@example.org,IP:192.0.2.7,IP:2001:db8::7,URI:spiffe://x/y\\n'
            signed intermediate client_chain P-256 "$client"; cat client_chain.crt intermediate.pem > chain.crt && mv chain.crt client_chain.crt
            signed other client_other P-256 "$client"; signed root client_expired P-256 "$client" -1
            signed root client_server P-256 'extendedKeyUsage=serverAuth\\n'; signed root client_any P-256 'keyUsage=digitalSignature\\n'
            signed root client_ed25519 ed25519 "$client"; signed root client_p521 P-521 "$client"
            """
        )
        return files
    }

    /// Runs a script in the folder.
    func shell(_ script: String) async throws {
        try await ChildProcess.check("/bin/bash", ["-c", "set -e; cd \(folder)\n{ \(script)\n} 2>&1"])
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// A folder of its own with the server's certificate and the clients' authorities, for a test that changes them.
    func copy() async throws -> TestFiles {
        let copy = TestFiles(folder: TemporaryRoot.uniquePath("web"))
        try await ChildProcess.check("cp", ["-r", folder, copy.folder])
        return copy
    }

    /// Writes a file at once: nobody sees a half of it.
    func write(_ name: String, _ content: String) throws {
        let path = path(name)
        let temporary = TemporaryRoot.uniquePath("part")
        guard let file = fopen(temporary, "w") else { throw SupportFailure("fopen \(temporary)") }
        fputs(content, file)
        fclose(file)
        guard rename(temporary, path) == 0 else { throw SupportFailure("rename \(path)") }
    }

    func read(_ name: String) throws -> String {
        guard let file = fopen(path(name), "r") else { throw SupportFailure("fopen \(name)") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 100_000)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// A new configuration file here.
    func configuration(_ content: String) throws -> String {
        let name = "config-\(Int.random(in: 0..<1_000_000_000)).yml"
        try write(name, content)
        return name
    }
}
