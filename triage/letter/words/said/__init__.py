"""The lines of an assessment, each made once. Screen and terminal place them; they make none of their own.

Light: a window makes its panel from them before it has shown anything, so nothing of a letter is read here.
"""
