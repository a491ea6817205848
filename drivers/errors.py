"""Errors of the drivers. Errors of libraries are translated into these.

DriverError                 code   means
  BoardFileError (ValueError)  D101  the board file is wrong
  UnsupportedMachine           D102  not a Raspberry Pi, or one pigpio cannot drive (Pi 5)
  NotConnected (ConnectionError)
                               D103  no daemon or board answers there
  DaemonLost (ConnectionError) D104  the daemon is gone or did not answer in 20 ms
  DaemonRefused                D105  the daemon answered with an error code
  TransferFailed (OSError)     D106  an SPI transfer failed or came back short
  SliceRejected (ValueError)   D107  a slice breaks a rule of the output stream
  StopFailed                   D108  a step of the cut could not be carried out
  PortInUse (OSError)          D109  the port a board should listen on is taken
  BoardRefused (ValueError)    D110  the virtual board refused a control command
  LineFailed (OSError)         D111  a plain GPIO line could not be read or driven
  BoardBusy                    D112  another engine drives this board
"""


class DriverError(Exception):
    """Base class of the drivers' errors; `code` is stable and is what the journal stores."""

    code = "D100"


class BoardFileError(DriverError, ValueError):
    """The board file cannot be used; the text names the key and what would be accepted."""

    code = "D101"


class UnsupportedMachine(DriverError):
    """This machine cannot drive the output stage."""

    code = "D102"


class NotConnected(DriverError, ConnectionError):
    """Nothing answers at the address given."""

    code = "D103"


class DaemonLost(DriverError, ConnectionError):
    """The daemon stopped answering; waves may still be playing."""

    code = "D104"


class DaemonRefused(DriverError):
    """The daemon answered a command with an error code."""

    code = "D105"


class TransferFailed(DriverError, OSError):
    """An SPI transfer failed or came back with the wrong length."""

    code = "D106"


class SliceRejected(DriverError, ValueError):
    """A slice would break a rule of the output stream; nothing was sent."""

    code = "D107"


class StopFailed(DriverError):
    """At least one step of the cut could not be carried out; the text names each."""

    code = "D108"


class PortInUse(DriverError, OSError):
    """Another program listens on the port."""

    code = "D109"


class BoardRefused(DriverError, ValueError):
    """The virtual board refused a control command; the text says why and what would be accepted."""

    code = "D110"


class LineFailed(DriverError, OSError):
    """A plain GPIO line could not be opened, read or driven; the text names it."""

    code = "D111"


class BoardBusy(DriverError):
    """Another rig is open on this board; two would switch each other's output."""

    code = "D112"
