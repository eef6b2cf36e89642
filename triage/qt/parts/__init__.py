"""What every room of the window is furnished with: colours, signs, lines, inputs, messages. Knows no question."""
