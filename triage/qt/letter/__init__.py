"""The letter: its pages, to whom it goes, and the acts of issuing, printing and withdrawing it."""
