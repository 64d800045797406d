"""What every kind of bonus wants to know of partners: volumes, who is active, ranks and own percents. Each is worked out once."""

from vps.commissions.plans.network import NOTHING, Carried


class Facts:
    """Indexed like the network. Lists of a network without ranks and rules are made when somebody asks for them."""

    def __init__(self, carried: Carried = NOTHING) -> None:
        self.carried = carried
        """What the period before left over, by the bonus's code."""
        self.left: dict[str, dict[int, tuple[int, int]]] = {}
        """What this period leaves over: binary writes it down here."""
