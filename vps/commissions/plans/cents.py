"""Rounding and sharing out, exact to the cent."""

from collections.abc import Sequence


def rounded(number: int, divisor: int, how: str) -> int:
    """`number / divisor` as a whole number, neither being negative. How: 'half up' (commercial), 'half even' or 'down'."""
    if how == "half up":
        return (2 * number + divisor) // (2 * divisor)
    whole, rest = divmod(number, divisor)
    if how == "half even" and (2 * rest > divisor or (2 * rest == divisor and whole % 2)):
        return whole + 1
    return whole


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """`total` shared out in proportion to the weights: the cents left over go to the largest remainders, among equals to the first."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    if left := total - sum(shares):
        rests = [total * weight % whole for weight in weights]
        for place in sorted(range(len(weights)), key=rests.__getitem__, reverse=True)[:left]:
            shares[place] += 1
    return shares
