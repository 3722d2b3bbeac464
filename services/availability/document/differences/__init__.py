"""What is different between documents, and what becomes of two changes of one."""

from services.availability.document.differences.compare import Change, compare
from services.availability.document.differences.merge import Clash, Merged, merge

__all__ = ["Change", "Clash", "Merged", "compare", "merge"]
