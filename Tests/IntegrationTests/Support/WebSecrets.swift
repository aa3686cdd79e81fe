import PostgresTestSupport

/// What an exporter needs to be served over TLS, to known clients and users.
enum WebSecrets {
    /// An authority, and certificates of it.
    static func makeCertificates(in folder: String) async throws {
        let script = """
            set -e; cd \(folder)
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=root -keyout ca.key -out ca.pem -addext basicConstraints=critical,CA:TRUE
            printf 'subjectAltName=IP:127.0.0.1,DNS:scraper\\nextendedKeyUsage=serverAuth,clientAuth\\nkeyUsage=digitalSignature\\n' > ext
            for name in server renewed client; do
              openssl req -newkey rsa:2048 -nodes -subj /CN=$name -keyout $name.key -out $name.csr
              openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out $name.crt
            done
            """
        try await ChildProcess.check("/bin/bash", ["-c", "{ \(script)\n} 2>&1"])
    }

    /// A bcrypt hash as other tools make it, by the C library.
    static func hash(_ password: String) async throws -> String {
        let program = "import crypt, sys; print(crypt.crypt(sys.argv[1], crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=1024)))"
        return try await ChildProcess.check("python3", ["-W", "ignore", "-c", program, password]).split(separator: "\n").first.map(String.init)
            ?? ""
    }
}
