"""Checking rules: what is wrong in a topic or names file, what is suspicious, what it contains.

Reading order: mistakes (one thing wrong, and where), values and shapes (keys and types), phrases, idle,
topics, names, contents, files (`check_file`,
behind `rasid topics check FILE`).
"""
