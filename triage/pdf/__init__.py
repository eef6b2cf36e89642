"""Letters set in type: PDF/A with every font in it, and the same bytes for the same letter."""
