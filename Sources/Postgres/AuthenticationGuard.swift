/// Looks at what a server is about to tell libpq while it authenticates us. libpq before 16 answers whatever it is asked for, the password in
/// clear text too; any computes as many iterations of SCRAM as it is told to, up to a quarter of an hour of them, and nothing can stop it.
///
/// Pure. It is shown every byte before libpq is, in order and in pieces of any size: no message is whole for libpq before it has been judged.
struct AuthenticationGuard {
    enum Verdict: Equatable {
        /// libpq may read.
        case harmless
        /// libpq must not read it, and the connection is of no use.
        case refused(Refusal)
    }

    enum Refusal: Equatable {
        /// So many iterations are more than a server may ask for. nil when the number is none.
        case iterations(Int?)
        /// The rule does not allow what is asked for.
        case method(AuthenticationRule.Method)
        /// A request that is not known, by its number.
        case unknown(Int)
        /// The server says that all is well before it has proved who it is.
        case unproven(AuthenticationRule.Method)
        /// A message that no server sends here.
        case malformed
    }

    /// The longest request: a ticket of Kerberos may be that long.
    private static let longest = 65_536 + 64

    /// nil: whatever libpq itself answers.
    let rule: AuthenticationRule?
    /// Whether nothing more can come that asks for anything.
    private(set) var isOver = false
    /// The beginning of a message that is not whole yet.
    private var beginning: [UInt8] = []
    /// What was asked for last, and whether both sides have done what belongs to it.
    private var asked: (method: AuthenticationRule.Method, isDone: Bool)?

    init(_ rule: AuthenticationRule? = nil) {
        self.rule = rule
    }

    /// Judges the bytes that come next.
    mutating func judge(_ bytes: some Sequence<UInt8>) -> Verdict {
        guard !isOver else { return .harmless }
        beginning += bytes
        var rest = beginning[...]
        while !isOver, let kind = rest.first {
            // Of notices and versions libpq makes what it wants. Refusals are its to tell, too; no authentication comes after one.
            guard [UInt8(ascii: "R"), UInt8(ascii: "N"), UInt8(ascii: "v")].contains(kind) else {
                isOver = true
                break
            }
            guard rest.count >= 5 else { break }
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard (kind == UInt8(ascii: "R") ? 8 : 4) <= length, length <= Self.longest else { return .refused(.malformed) }
            guard rest.count > length else { break }
            if kind == UInt8(ascii: "R") {
                let verdict = judgeRequest(rest.dropFirst(5).prefix(length - 4))
                guard verdict == .harmless else { return verdict }
            }
            rest = rest.dropFirst(length + 1)
        }
        beginning = isOver ? [] : Array(rest)
        return .harmless
    }

    private mutating func judgeRequest(_ body: ArraySlice<UInt8>) -> Verdict {
        let content = body.dropFirst(4)
        let code = body.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        switch code {
        case 0: return judgeEnd()
        case 3: return judge([.password], isDone: true)
        case 5: return judge([.md5], isDone: true)
        case 7: return judge([.gss])
        case 8: return carryOn([.gss, .sspi])
        case 9: return judge([.sspi])
        case 10: return judge(Self.methods(of: content))
        case 11:
            let verdict = Self.judgeIterations(content)
            return verdict == .harmless ? carryOn([.scram, .oauth], isDone: false) : verdict
        case 12: return carryOn([.scram, .oauth])
        default: return rule == nil ? .harmless : .refused(.unknown(code))
        }
    }

    /// What a server asks for that offers several ways, of which libpq chooses. None of them: libpq knows none either.
    private static func methods(of mechanisms: ArraySlice<UInt8>) -> [AuthenticationRule.Method] {
        let names = mechanisms.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return (names.contains { $0 == "SCRAM-SHA-256" || $0 == "SCRAM-SHA-256-PLUS" } ? [.scram] : [])
            + (names.contains("OAUTHBEARER") ? [.oauth] : [])
    }

    private mutating func judge(_ methods: [AuthenticationRule.Method], isDone: Bool = false) -> Verdict {
        asked = methods.first.map { ($0, isDone) }
        guard let rule, let other = methods.first(where: { !rule.allowed.contains($0) }) else { return .harmless }
        return .refused(.method(other))
    }

    /// A further message of what was asked for. libpq itself checks what is in it.
    private mutating func carryOn(_ methods: [AuthenticationRule.Method], isDone: Bool = true) -> Verdict {
        guard let method = asked?.method, methods.contains(method) else { return rule == nil ? .harmless : .refused(.malformed) }
        asked = (method, isDone)
        return .harmless
    }

    private mutating func judgeEnd() -> Verdict {
        isOver = true
        guard let rule else { return .harmless }
        guard let asked else { return rule.allowed.contains(.none) ? .harmless : .refused(.method(.none)) }
        // libpq before 16 lets a server off that asks for a proof, keeps it to guess the password by, and gives none itself.
        return asked.isDone ? .harmless : .refused(.unproven(asked.method))
    }

    /// `r=NONCE,s=SALT,i=COUNT`
    private static func judgeIterations(_ content: ArraySlice<UInt8>) -> Verdict {
        let fields = content.split(separator: UInt8(ascii: ","))
        guard let count = fields.first(where: { $0.starts(with: "i=".utf8) })?.dropFirst(2) else { return .harmless }
        let iterations = Int(String(decoding: count, as: UTF8.self))
        return (iterations ?? .max) <= AnswerLimits.scramIterations ? .harmless : .refused(.iterations(iterations))
    }
}

// MARK: - Words

extension AuthenticationGuard.Refusal {
    /// What the server did, and what would allow it.
    func message(_ rule: AuthenticationRule?) -> String {
        switch self {
        case .iterations(let iterations):
            let count = iterations.map(String.init) ?? "an absurd number of"
            return "the server asks for \(count) SCRAM iterations, more than the \(AnswerLimits.scramIterations) that are reasonable"
        case .method(let method): return Self.words(for: method) + Self.remedy(method, rule)
        case .unknown(let code): return "the server asks for an authentication that is not known (\(code)); nothing was sent"
        case .unproven(let method): return "the server ends its \(method.rawValue) authentication before it has proved who it is"
        case .malformed: return "the server speaks out of turn during authentication"
        }
    }

    private static func words(for method: AuthenticationRule.Method) -> String {
        switch method {
        case .password: "the server asks for the password in clear text"
        case .md5: "the server asks for the password as an MD5 hash"
        case .gss: "the server asks for GSSAPI authentication"
        case .sspi: "the server asks for SSPI authentication"
        case .scram: "the server asks for SCRAM authentication"
        case .oauth: "the server asks for an OAuth token"
        case .none: "the server asks for no authentication, and has not proved who it is"
        }
    }

    private static func remedy(_ method: AuthenticationRule.Method, _ rule: AuthenticationRule?) -> String {
        switch rule?.origin {
        case .members:
            let allowing = method == .md5 ? "md5,scram-sha-256" : method.rawValue
            let advice = method == .password ? ", best with sslmode=verify-full" : ""
            return ", which a server that Patroni names does not get; require_auth=\(allowing) in the dsn of the Patroni cluster allows it\(advice)"
        case .environment: return ", which PGREQUIREAUTH does not allow; it allows \(rule?.text ?? "")"
        case .connectionString, nil: return ", which require_auth of the connection string does not allow; it allows \(rule?.text ?? "")"
        }
    }
}
