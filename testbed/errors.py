"""What can go wrong with the test bed itself."""


class TestbedError(Exception):
    """Something of the test bed did not work; the text is for whoever runs it."""


class Hopeless(TestbedError):
    """It did not work and never will, such as a server that has ended: whoever waits for it stops waiting."""


class CannotRun(Exception):
    """This machine cannot do it at all; the text says why."""


class TimeUp(Exception):
    """A limit is over. No TestbedError, which what waits and tries again would take for a failed try."""
