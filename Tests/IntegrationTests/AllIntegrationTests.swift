import Testing

/// All tests with real servers, one after the other: two cores carry one topology at a time.
@Suite(.serialized, .timeLimit(.minutes(30)))
enum IntegrationTests {}

/// Those that take little of the machine and wait long for what they look for: they run beside the others.
@Suite(.timeLimit(.minutes(30)))
enum PatientTests {}
