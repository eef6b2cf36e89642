"""The assessment beside the form: how soon, which tests, which conditions, what to do meanwhile."""
