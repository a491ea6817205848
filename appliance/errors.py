"""The errors of the appliance. Refusals and trips are values; these are exceptions.

    ApplianceError              code   means                                              exit
      ConfigError (ValueError)    A101  a setting or a path cannot be used                   2
      JournalError                A102  the records cannot be opened or written              5
        JournalFull               A103  no room is left for records                          5
        JournalDamaged            A104  the records were altered or are damaged              7
      LinkError (ConnectionError) A105  the engine does not answer or speaks otherwise       3
      EngineBusy                  A106  another engine works on this data folder            75
      InternalFault               A107  the program broke one of its own rules               5

Errors of the drivers (D1xx) pass through unchanged. The last column is the exit code the command
line ends with.
"""


class ApplianceError(Exception):
    """Root of everything the appliance raises; `code` is stable and is what the journal stores."""

    code = "A100"


class ConfigError(ApplianceError, ValueError):
    """A setting or a path cannot be used; the text says what would be accepted."""

    code = "A101"


class JournalError(ApplianceError):
    """The records cannot be opened, written or read; the text names the folder."""

    code = "A102"


class JournalFull(JournalError):
    """The disk, or the quota, has no room for another record."""

    code = "A103"


class JournalDamaged(JournalError):
    """The file is no database, or its last record does not verify."""

    code = "A104"


class LinkError(ApplianceError, ConnectionError):
    """The engine's socket does not answer, or says what no version of ours says."""

    code = "A105"


class EngineBusy(ApplianceError):
    """Another engine holds the data folder; trying again later may help."""

    code = "A106"


class InternalFault(ApplianceError):
    """The program broke one of its own rules; output is off, a restart begins in Locked."""

    code = "A107"
