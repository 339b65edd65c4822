"""The assets, checks and runs of Dagster: the only folder that knows Dagster, and it decides nothing about text."""
