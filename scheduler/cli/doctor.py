"""The command `rasid doctor`."""

import sys

from scheduler.cli.options import Config, Json
from scheduler.cli.output import print_line
from scheduler.cli.rows import write_json
from scheduler.settings import load_settings


def doctor(json: Json = False, config: Config = None) -> None:
    """Say whether mails can be sent, and what to do where they cannot."""
    from reports.signing import published
    from scheduler.doctor import Verdict, examine_mail

    findings = examine_mail(load_settings(config), published)
    if json:
        write_json(findings)
    else:
        for each in findings:
            print_line(f"{each.verdict.value:<4}  {each.what:<9}  {each.said}")
    if any(each.verdict is Verdict.BAD for each in findings):
        sys.exit(1)
