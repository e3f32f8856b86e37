"""The doctor: whether everything is right with an installation, and what is to be done where it is not.

Reading order: finding (what is said), examining (all subjects, one after the other), installation (what
several of them look at), then a module for each subject.
"""

from scheduler.doctor.examining import SUBJECTS, examine
from scheduler.doctor.finding import Finding, Verdict
from scheduler.doctor.mail import examine_mail

__all__ = ["SUBJECTS", "Finding", "Verdict", "examine", "examine_mail"]
