"""A desktop tool that helps a clinician refer a patient with muscle cramps."""

__version__ = "0.1.0"
