#!/usr/bin/env python3
"""Chooses the pages that the expectation files describe.

Usage: select.py [PAGES_DIRECTORY]      (default: ../shared/pages beside the worktree)

Prints one line per chosen page, in the order of the seed: the number, a tab, the
expectation file's name, a tab, the page ("service/file").

An endpoint page is a page that has
  * a heading that reads "URI" or ends in it ("请求URI"), alone on its line, and
  * an HTTP method followed by a path or a URL (escapes and tags between them allowed)
    anywhere in the page.
Tutorials and overviews quote requests too, but have no such heading; the pages of data
structures have neither.

The endpoint pages of the four open services are sorted by "service/file" (by code
point), shuffled with random.Random(20261124), and the first sixty are taken. The file
name is "<service>-<NN>.json", NN being the page's place in that order, from 01.
"""

import pathlib
import random
import re
import sys

SERVICES = ("dli", "ecs", "iam", "evs")
SEED = 20261124
COUNT = 60

HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
TAG = re.compile(r"<[^>]*>")
METHOD_AND_PATH = re.compile(
    r"(?<![A-Za-z])(?:GET|POST|PUT|DELETE|PATCH|HEAD)\b[\s*`_:：]*(?:<[^>]*>\s*)*(?:https?://|/|\\?\{)"
)


def is_endpoint_page(text):
    headings = (TAG.sub("", heading).strip() for heading in HEADING.findall(text))
    has_uri_section = any(
        re.fullmatch(r"[^A-Za-z]*URI", heading) for heading in headings
    )
    return has_uri_section and METHOD_AND_PATH.search(text) is not None


def endpoint_pages(root):
    pages = []
    for service in SERVICES:
        for file in (root / service).glob("*.md"):
            if is_endpoint_page(file.read_text(encoding="utf-8")):
                pages.append(f"{service}/{file.name}")
    return sorted(pages)


def chosen(root):
    pages = endpoint_pages(root)
    random.Random(SEED).shuffle(pages)
    return pages[:COUNT]


def main():
    worktree = pathlib.Path(__file__).resolve().parents[3]
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else worktree / "../shared/pages"
    for number, page in enumerate(chosen(root), start=1):
        service = page.split("/")[0]
        print(f"{number:02}\t{service}-{number:02}.json\t{page}")


if __name__ == "__main__":
    main()
