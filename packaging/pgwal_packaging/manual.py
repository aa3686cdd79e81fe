"""Manual pages, from what the program says of its own command line (`--experimental-dump-help`)."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from .version import Version

COMMON = {"help", "version"}


def escape(text: str) -> str:
    """Text for roff: no line of it is a request, and a hyphen is the one that can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...").replace("–", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.splitlines())


def paragraphs(text: str) -> list[str]:
    """Paragraphs are filled, as on any page; lines that are indented are as they are."""
    lines: list[str] = []
    verbatim = False
    for line in text.splitlines():
        if not line.strip():
            lines += [".EE"] if verbatim else []
            lines.append(".PP")
            verbatim = False
        elif line.startswith(("  ", "/")) != verbatim:
            verbatim = not verbatim
            lines += [".EX" if verbatim else ".EE", escape(line)]
        else:
            lines.append(escape(line))
    return [*lines, ".EE"] if verbatim else lines


def spelling(argument: dict[str, Any]) -> str:
    """`\\-\\-name VALUE`, in bold and italics."""
    names = ["-" + n["name"] if n["kind"] == "short" else "--" + n["name"] for n in argument.get("names", [])]
    text = ", ".join(f"\\fB{escape(name)}\\fR" for name in names)
    if argument["kind"] == "option":
        text += f" \\fI{escape(argument['valueName'])}\\fR"
    return text or f"\\fI{escape(argument['valueName'])}\\fR"


def is_shown(argument: dict[str, Any]) -> bool:
    """Whether it is on the page: what every command has is not. A word that stands by itself has no name."""
    return bool(argument.get("shouldDisplay", True)) and argument.get("preferredName", {}).get("name") not in COMMON


def options(arguments: list[dict[str, Any]]) -> list[str]:
    """All options in the order of the help; flags that come in pairs stand one after the other."""
    lines: list[str] = []
    for argument in arguments:
        if not is_shown(argument):
            continue
        lines += [".TP", spelling(argument), escape(re.sub(r"\s+", " ", argument.get("abstract", ""))) or "\\&"]
        if "defaultValue" in argument:
            lines[-1] += f" (default: {escape(argument['defaultValue'])})"
        if argument.get("discussion"):
            lines.append(escape(argument["discussion"]))
    return lines


STATUSES = {"check": "0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, as plugins of Nagios and Icinga have it."}
ENVIRONMENT = [
    ("PGWAL_DSN", "Connection string of a single target, where there is neither \\-\\-dsn nor \\-\\-config.file."),
    ("DATA_SOURCE_NAME", "The same, as other exporters name it."),
    ("PGWAL_TARGET_NAME", "The name of that target."),
    ("PGHOST, PGUSER, PGPASSWORD, PGSERVICE, ...", "As for all programs that use libpq."),
    ("PGWAL_WEB_LISTEN_ADDRESS", "Where to listen, where there is no \\-\\-web.listen\\-address; several with blanks between them."),
    ("PGWAL_WEB_CONFIG_FILE", "Stands in for \\-\\-web.config.file."),
    ("CREDENTIALS_DIRECTORY", "A password_file may begin with \\(dq${CREDENTIALS_DIRECTORY}/\\(dq."),
]


def page(name: str, command: dict[str, Any], version: Version, others: list[str]) -> str:
    """One page in the form of man(7)."""
    date = version.time.strftime("%Y-%m-%d")
    abstract = command["abstract"].rstrip(".")
    shown = [argument for argument in command["arguments"] if is_shown(argument)]
    words = [escape(argument["valueName"]) for argument in shown if argument["kind"] == "positional"]
    lines = [
        f'.TH {name.upper()} 1 "{date}" "pgwal_exporter {version.text}" "User Commands"',
        ".SH NAME",
        f"{escape(name)} \\- {escape(abstract)}",
        ".SH SYNOPSIS",
        f".B {escape(name.replace('-', ' ', 1))}"
        + "".join(f"\n\\fI{word}\\fR" for word in words)
        + ("\n[\\fIcommand\\fR] [\\fIoption\\fR]..." if others else "\n[\\fIoption\\fR]..." if shown else ""),
    ]
    if command.get("discussion"):
        lines += [".SH DESCRIPTION", *paragraphs(command["discussion"])]
    if others:
        lines += [".SH COMMANDS"]
        for other in command["subcommands"]:
            if other["commandName"] != "help":
                lines += [".TP", f"\\fB{escape(other['commandName'])}\\fR", escape(other["abstract"])]
    if shown:
        lines += [".SH OPTIONS", *options(command["arguments"])]
    if others or "serve" in name:
        lines += [".SH ENVIRONMENT"]
        for variable, meaning in ENVIRONMENT:
            lines += [".TP", f"\\fB{variable}\\fR", meaning]
        lines += [
            ".SH FILES",
            ".TP",
            "\\fI/etc/pgwal_exporter/pgwal_exporter.yml\\fR",
            "What the packaged service reads.",
            ".TP",
            "\\fI~/.pgpass\\fR",
            "Passwords, as for all programs that use libpq.",
        ]
        lines += [".SH SIGNALS", "SIGHUP reads the configuration again. SIGTERM and SIGINT end it after the requests under way."]
    lines += [".SH EXIT STATUS", STATUSES.get(command["commandName"], "0 when all went well, 64 for a wrong command line, 1 otherwise.")]
    also = [other for other in (others or ["pgwal_exporter"]) if other != name]
    lines += [".SH SEE ALSO", "\n".join(f".BR {escape(other)} (1)" + ("," if other != also[-1] else "") for other in also)]
    return "\n".join(lines) + "\n"


def write(binary: Path, folder: Path, version: Version) -> list[Path]:
    """Writes a page for the program and one for each of its commands."""
    dump = subprocess.run([binary, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
    root = json.loads(dump)["command"]
    commands = [c for c in root["subcommands"] if c["commandName"] != "help"]
    names = [f"pgwal_exporter-{c['commandName']}" for c in commands]
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"pgwal_exporter": page("pgwal_exporter", root, version, names)}
    pages |= {name: page(name, command, version, []) for name, command in zip(names, commands, strict=True)}
    for name, text in pages.items():
        (folder / f"{name}.1").write_text(text)
    return [folder / f"{name}.1" for name in pages]
