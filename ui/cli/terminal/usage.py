"""Errors of usage as one line: what was wrong, what is accepted, where to read more."""

import click

from ui.cli.terminal.console import warn


def say(error: click.ClickException) -> None:
    """Print an error of click as one line, like every other error."""
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
