"""scheduler says when: settings, jobs, the service and the commands.

The only reader of environment, arguments and clock.

Reading order: settings, jobs, service, cli.
"""
