"""The letter: a case and its assessment as statements, each with the answers that it covers."""
