"""`anbu doctor`: says what is wrong with this computer and how to mend it.

Knows: the terminal. May not know: where facts are read, what they mean.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict

from tools.technician.doctor import probe
from tools.technician.doctor.facts import Facts
from tools.technician.doctor.judged import Finding, judge
from tools.technician.doctor.udev import rule
from tools.technician.said import Exit, Said, Told, hold


def main(arguments: argparse.Namespace) -> int:
    """Exit 0: boards can be worked on; 1: something stops that."""
    return hold(arguments, lambda said: _looked(arguments, said))


def _looked(arguments: argparse.Namespace, said: Said) -> Told:
    facts = probe.facts()
    if arguments.rule:
        text = rule(facts.serial_group)
        said.say(text, end="")
        return {"rule": text}
    findings = judge(facts)
    _say(facts, findings, said)
    told: Told = {"findings": [asdict(finding) for finding in findings]}
    told["ports"] = [asdict(port) for port in facts.ports]
    stops = [finding for finding in findings if finding.stops]
    if not stops:
        return told
    more = f" (and {len(stops) - 1} more)" if len(stops) > 1 else ""
    end = {"exit": int(Exit.FAILED), "error": stops[0].wrong + more, "next": stops[0].mend}
    return told | end


def _say(facts: Facts, findings: tuple[Finding, ...], said: Said) -> None:
    for port in facts.ports:
        said.say(f"board  {port.path}: {port.bridge}{'' if port.usable else ', not usable'}")
    for finding in findings:
        said.say(f"{'WRONG' if finding.stops else 'note '}  {finding.part}: {finding.wrong}")
        said.say(f"       {finding.mend}")
    if not any(finding.stops for finding in findings):
        said.say("Nothing stops the work at this bench.")
