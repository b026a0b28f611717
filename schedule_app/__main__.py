"""Lets `python -m schedule_app` do what the `schedule-app` command does."""

from schedule_app.cli import main

main()
