"""From a case to its assessment: a pure function over the content. Nothing here knows a disease."""
