"""The partner's and staff's own security."""

from vps.security.web.changes import blueprint as changes
from vps.security.web.door import door, is_half, second_step_page, step_up_page
from vps.security.web.ways import blueprint

__all__ = ["blueprint", "changes", "door", "is_half", "second_step_page", "step_up_page"]
