"""scheduler says when: settings, jobs, the service and the commands.

The only reader of environment, arguments and clock.

Reading order: settings; service with leading, timetable, hands, rounds and publishing (what is done when, and
by whom); jobs with crawling, children and batches (crawls); issues and alerts, delivering and asking (what
readers get); upkeep and backing_up; workers; cli.
"""
