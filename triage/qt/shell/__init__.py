"""What stands round the work: commands, header, rail, palette, help."""
