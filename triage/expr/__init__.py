"""The language of conditions: typed tree, parser, three-valued evaluation, explanation."""
