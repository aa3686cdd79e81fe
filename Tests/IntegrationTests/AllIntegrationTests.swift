import Testing

/// All tests with real servers, one after the other: two cores carry one topology at a time.
@Suite(.serialized, .timeLimit(.minutes(30)))
enum IntegrationTests {}
