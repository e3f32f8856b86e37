"""The tests of Rasid; they mirror the packages."""
