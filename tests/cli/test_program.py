#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program as a whole: help, version, wrong usage, closed outputs."""
import json
import os
import re

import cli


def help_lists_the_commands(place):
    for arguments in (["--help"], ["-h"], ["help"]):
        run = place.run(*arguments).expect(0, err="")
        cli.holds(run.out.startswith("usage: blockwatch COMMAND [OPTION...] [ARGUMENT...]\n"),
                  run.out)
        cli.holds("\n  targets    look after target files\n" in run.out, run.out)


def every_command_of_the_help_has_a_help(place):
    listed = re.findall(r"^  (\w+) +\S", place.run("--help").out, re.M)
    cli.holds("targets" in listed, listed)
    for name in listed:
        for arguments in ([name, "--help"], [name, "-h"], ["help", name]):
            run = place.run(*arguments).expect(0, err="")
            cli.holds(run.out.startswith(f"usage: blockwatch {name} "), run.out)
            cli.holds("Exit status:" in run.out, run.out)
            cli.holds(max(map(len, run.out.split("\n"))) <= 80, f"{name}: wider than 80 columns")


def help_of_targets_to_the_letter(place):
    with open(os.path.join(cli.ROOT, "tests", "cli", "targets-help.txt"), encoding="utf-8") as file:
        place.run("targets", "--help").expect(0, out=file.read(), err="")


def help_of_each_subcommand_is_its_own(place):
    """What a subcommand does not take is not in its help, and is refused."""
    takes = {"list": [], "show": ["--blocklist"], "validate": [], "diff": []}
    said = set()
    for name, options in takes.items():
        text = place.run("targets", name, "--help").expect(0, err="").out
        cli.equal(text, place.run("targets", name, "-h").out, "-h")
        cli.equal(text, place.run("help", "targets", name).out, "help targets SUBCOMMAND")
        cli.holds(text.startswith(f"usage: blockwatch targets {name} [OPTION...]"), text)
        cli.holds(max(map(len, text.split("\n"))) <= 80, f"{name}: wider than 80 columns")
        cli.equal("--blocklist" in text, "--blocklist" in options, f"{name}: --blocklist")
        cli.equal("they differ" in text, name == "diff", f"{name}: exit code 1")
        said.add(text.partition("\n\n")[2])
    cli.equal(len(said), len(takes), "different texts")
    place.run("targets", "list", "-b", "x").expect(
        64, out="", err="blockwatch: targets list: unknown option -b, see "
                        "'blockwatch targets list --help'\n")
    place.run("targets", "show", "kp", "--jsno").expect(
        64, out="", err="blockwatch: targets show: unknown option --jsno, did you mean --json?\n")


def version_everywhere(place):
    text = place.run("--version").expect(0, err="").out
    cli.holds(re.fullmatch(r"blockwatch \d+\.\d+\.\d+\n", text), text)
    place.run("targets", "--version").expect(0, out=text, err="")


def wrong_usage_is_one_line_and_64(place):
    for arguments, line in (
            ([], "which command? See 'blockwatch --help'"),
            (["tragets"], "unknown command 'tragets', did you mean 'targets'?"),
            (["frobnicate"], "unknown command 'frobnicate', see 'blockwatch --help'"),
            (["help", "tragets"], "unknown command 'tragets', did you mean 'targets'?"),
            (["--frobnicate"], "unknown option '--frobnicate', see 'blockwatch --help'"),
            (["targets"], "targets: missing list|show|validate|build|diff ARGUMENT..., "
                          "see 'blockwatch targets --help'"),
            (["targets", "--jsno", "list"],
             "targets: unknown option --jsno, did you mean --json?"),
            (["targets", "-x", "list"],
             "targets: unknown option -x, see 'blockwatch targets --help'"),
            (["targets", "--json=yes", "list"], "targets: --json: takes no value"),
            (["targets", "lits"], "targets: unknown subcommand 'lits', did you mean 'list'?"),
            (["targets", "remove"],
             "targets: unknown subcommand 'remove', there are list, show, validate, build and "
             "diff"),
            (["targets", "list", "kp"], "targets: list takes no argument, but there is 'kp'"),
            (["targets", "show"], "targets: show needs a TARGET"),
            (["targets", "validate"], "targets: validate needs a FILE")):
        place.run(*arguments).expect(64, out="", err=f"blockwatch: {line}\n")


def control_characters_do_not_reach_the_terminal(place):
    run = place.run("\x1b[31mred").expect(64, out="")
    cli.holds("\x1b" not in run.err and run.err.count("\n") == 1, run.err)


def what_files_say_does_not_steer_the_terminal(place):
    """Names, titles, sources, paths and errors with an escape sequence, or text that reorders."""
    bad = "x\u202e\u2066\x9b31m\x1b[2J\u200f"
    place.put("t.json", json.dumps({
        "schema": "blockwatch/target/1", "name": "t", "title": bad, "source": bad,
        "updated": "2026-01-01", "networks": [{"prefix": "198.18.0.0/24", "name": bad}]}))
    place.put("c.json", json.dumps({"vantage": "v", "targets": ["t.json"], "contact": bad,
                                    "state_directory": bad}))
    place.put(f"{bad}.json", "{")
    for arguments in (["targets", "show", "t.json"], ["targets", "validate", f"{bad}.json"],
                      ["targets", "show", bad], ["simulate", f"{bad}.json"],
                      ["check", "--dry-run", "--allow-reserved", "t.json", f"./{bad}"],
                      ["run", "--config", "c.json", "--check-config"],
                      ["run", "--config", bad]):
        run = place.run(*arguments)
        for text in (run.out, run.err):
            cli.holds(not any(character in text for character in bad[1:] if character not in
                              "31m[2J"), f"{arguments}: {text!r}")


def a_closed_standard_output_is_one_line_and_69(place):
    place.put("targets/xx.txt", "198.18.0.0/24\n")
    for redirection, reason in ((">&-", "Bad file descriptor"),
                                (">/dev/full", "No space left on device")):
        place.shell(f'"$0" targets list {redirection}').expect(
            69, out="", err=f"blockwatch: cannot write to standard output: {reason}\n")


def a_reader_that_is_gone_is_one_line_and_69(place):
    place.put("targets/xx.txt", "198.18.0.0/24\n")
    reader, writer = os.pipe()
    os.close(reader)
    run = place.run("targets", "list", stdout=writer)
    os.close(writer)
    run.expect(69, err="blockwatch: cannot write to standard output: Broken pipe\n")


def a_closed_standard_error_does_no_harm(place):
    place.shell('"$0" nonsense 2>&-').expect(64, out="", err="")
    place.put("targets/xx.txt", "198.18.0.0/24\n")
    run = place.shell('"$0" targets list <&- 2>&-').expect(0, err="")
    cli.holds("xx" in run.out, run.out)


cli.main([
    help_lists_the_commands,
    every_command_of_the_help_has_a_help,
    help_of_targets_to_the_letter,
    help_of_each_subcommand_is_its_own,
    version_everywhere,
    wrong_usage_is_one_line_and_64,
    control_characters_do_not_reach_the_terminal,
    what_files_say_does_not_steer_the_terminal,
    a_closed_standard_output_is_one_line_and_69,
    a_reader_that_is_gone_is_one_line_and_69,
    a_closed_standard_error_does_no_harm,
])
