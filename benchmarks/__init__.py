"""Chores that measure and soak; `make` names each."""
