"""What a trust level asks of security: the least level for whatever moves money. Trust and security do not know each other; wallets know both."""

from datetime import datetime

from vps.security.actions import on_demand
from vps.security.models import BASIC
from vps.trust.models import in_force, trusted


@on_demand
def least_by_trust(person: int, motive: str, minor: int, at: datetime) -> int:
    """The least security level that a person's trust level asks for, from this amount on; while limits are kept to."""
    if not in_force(at):
        return BASIC
    return max((level for amount, level in trusted(person, at).level.security if minor >= amount), default=BASIC)
