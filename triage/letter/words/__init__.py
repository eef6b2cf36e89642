"""The words of answers and of an assessment, each made once: for paper, screen and terminal."""
