"""Workspaces: each composes widgets into one way of learning."""
