"""The record of findings: every answer once, behind page one."""
