"""Codes to be scanned, as small pictures in a page. What draws is imported when one is drawn: most processes never draw any."""


def qr(content: bytes) -> str:
    """A QR code of level M, as the payment standards want it: not more, or the code grows and cheap cameras fail."""
    import segno

    drawn: str = segno.make_qr(content, error="m", boost_error=False).svg_inline(
        scale=1, light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return drawn.replace("<svg ", '<svg width="208" ', 1)
