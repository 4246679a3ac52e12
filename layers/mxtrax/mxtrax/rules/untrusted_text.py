"""Text that came by mail, made fit to be looked at."""


def harmless(text: str) -> str:
    """Give a text in which nothing but line ends and tabs controls anything."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in lines)


def line(text: str, longest: int) -> str:
    """Give a text as one harmless line of a bounded length."""
    return harmless(" ".join(text[: longest * 4].split())[:longest])
