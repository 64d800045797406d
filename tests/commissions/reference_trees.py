"""The slow calculation's placement trees: everybody looks for his place level by level, every order climbs to everybody above."""

from fractions import Fraction

from tests.commissions.reference_cents import millionths, minor, shared


class Trees:
    """Binary and matrix."""

    def placed(self, width):
        """Everybody's parent, and who stands on the places below him."""
        parents, below = [-1] * len(self.partners), [[None] * width for _ in self.partners]

        def sit(partner, parent, leg):
            below[parent][leg], parents[partner] = partner, parent

        given = [(partner, each) for partner, each in enumerate(self.partners) if each.parent >= 0]
        for partner, each in given:
            if each.leg >= 0:
                sit(partner, each.parent, each.leg)
        for partner, each in given:
            if each.leg < 0:
                sit(partner, each.parent, below[each.parent].index(None))

        def settle(partner):
            sponsor = self.partners[partner].sponsor
            if parents[partner] >= 0 or sponsor < 0:
                return
            settle(sponsor)
            level = [sponsor]
            if partner in [each for each, _ in self.upline(sponsor, parents)]:
                return
            while not any(None in below[each] for each in level):
                level = [child for each in level for child in below[each]]
            parent = next(each for each in level if None in below[each])
            sit(partner, parent, below[parent].index(None))

        for partner in range(len(self.partners)):
            settle(partner)
        return parents, below

    def matrix(self, bonus):
        return self.unilevel(bonus, self.placed(bonus["width"])[0])

    def binary(self, bonus):
        parents, below = self.placed(2)
        for payee in range(len(self.partners)):
            old, new = list(self.carried.get(bonus["code"], {}).get(payee, (0, 0))), [0, 0]
            found = []  # order, volume, level, leg
            for number, order in enumerate(self.orders):
                line = [each for each, _ in self.upline(order.seller, parents)]
                level = line.index(payee) if payee in line else 0
                volume = self.volume(order, bonus.get("of", "amount"))
                if volume and 0 < level <= bonus.get("depth", level):
                    leg = below[payee].index(line[level - 1])
                    found.append((number, volume, level, leg))
                    new[leg] += volume
            total = [old[0] + new[0], old[1] + new[1]]
            base, worth, rest = self.paired(bonus, total) if found else (0, 0, total)
            if bonus.get("carry", "keep") == "keep" and any(rest):
                self.left.setdefault(bonus["code"], {})[payee] = tuple(rest)
            volumes = [volume for _, volume, _, _ in found]
            for (number, _, level, leg), part, share in zip(found, shared(base, volumes), shared(worth, volumes), strict=True):
                yield payee, number, level, below[payee][leg], part, {"share": share, "rate": millionths(bonus.get("percent", 0))}

    def paired(self, bonus, legs):
        """What of the weaker leg is paired, what that brings, and what is left of both."""
        points = bonus.get("of") == "points"
        unit = (int(bonus["pair"]) if points else minor(bonus["pair"])) if "pair" in bonus else 1
        least, most = sorted(bonus.get("ratio", [1, 1]))
        weak = 0 if legs[0] <= legs[1] else 1
        used = [least * unit, most * unit] if weak == 0 else [most * unit, least * unit]
        pairs = int(min(Fraction(legs[0], used[0]), Fraction(legs[1], used[1])))
        if "fixed" in bonus:
            worth = minor(bonus["fixed"]) * pairs
        else:
            value = Fraction(self.plan.get("point_value", 1)) * 100 if points else 1
            worth = self.rounded(pairs * used[weak] * value * Fraction(bonus["percent"]) / 100)
        cap = minor(bonus["cap"]) if "cap" in bonus else worth
        return pairs * used[weak], min(worth, cap), [legs[0] - pairs * used[0], legs[1] - pairs * used[1]]
