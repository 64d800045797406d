"""Sets one page of type and ends: run as a process of its own, so that no worker of the web keeps the typesetter in its memory."""

import json
import sys

import typst


def main() -> None:
    """Read template and facts from standard input, write the PDF to standard output."""
    asked = json.load(sys.stdin)
    facts = {"facts": json.dumps(asked["facts"], ensure_ascii=False)}
    # Only the fonts it brings along: the same facts are the same bytes on every machine.
    made = typst.compile(asked["template"].encode(), format="pdf", sys_inputs=facts, ignore_system_fonts=True, pdf_standards=["ua-1"])
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
