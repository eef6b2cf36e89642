"""What stands on page one, a module for each kind of block."""
