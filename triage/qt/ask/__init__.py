"""Where is asked and answered: sections, questions, and reports that are pasted into them."""
