"""Clinical content: the form, the rules, the sources, and how a case file fits them."""

from triage.content.files import ContentFiles
from triage.content.load import Content, load_content

__all__ = ["Content", "ContentFiles", "load_content"]
