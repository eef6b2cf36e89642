"""The cases that are kept: listing, unlocking, saving, backing up, and the way on after damage."""
