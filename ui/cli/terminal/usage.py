"""Wrong usage in one line: what was wrong, what would be taken, where to read more."""

import click

from ui.cli.terminal.console import warn


def say(error: click.ClickException) -> None:
    """Print what click found wrong as the one line every other trouble is."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    text = error.format_message().rstrip(".?")
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        warn(text)
        return
    if isinstance(error, click.exceptions.NoSuchCommand) and isinstance(
        context.command, click.Group
    ):
        text = f"{text}; there are {', '.join(context.command.list_commands(context))}"
    warn(f"{text}; see `{context.command_path} --help`")
