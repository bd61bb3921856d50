"""The project speaks of itself alone: not of how or where it was written.

Each pattern is written so that it does not match itself, and so that what belongs to the trade
passes: a session leader, setsid, an upstream's URL, an image's name.
"""

import re

import tree as lint

WORK = "coding|working|development|agent|chat"
WHICH = "this|that|the next|the last"

PATTERNS = [
    (r"(?i)\b(?:issues?|tickets?|bugs?|pull requests?|prs?)\s*#\s*\d+",
     "a number of an issue: say what was wrong instead"),
    (r"(?i)\b(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?|refs?|see)\s*:?\s+#\d+",
     "a number of an issue: say what was wrong instead"),
    (rf"(?i)\b(?:previous|earlier|later|future|{WORK}|my|our|your)\s+sessions?\b",
     "a session of work"),
    (rf"(?i)\b(?:in|during|until|since)\s+(?:{WHICH})\s+session\b", "a session of work"),
    (r"(?i)\b(?:co-authored|generated|assisted)[- ](?:by|with):?\s+"
     r"(?:an?\s+)?(?:ai|llm|claude|chatgpt|copilot|gemini|codex)\b",
     "who wrote it"),
    (r"(?<![\w./$}{-])/[w]ork/", "a path of one machine"),
    (r"(?<![\w./$}{-])/[r]oot/", "a path of one machine"),
    (r"(?<![\w./$}{-])/home/(?!\$|\{|<)[a-z]", "a path of one machine"),
    (r"/tmp/[b]ash_jobs", "a path of one machine"),
]

REGISTRIES = [
    r"pypi\.org", r"files\.pythonhosted\.org", r"registry\.npmjs\.org", r"registry\.yarnpkg\.com",
    r"(?:deb|security|ftp)\.debian\.org", r"snapshot\.debian\.org", r"archive\.ubuntu\.com",
    r"proxy\.golang\.org", r"sum\.golang\.org", r"crates\.io",
    r"rubygems\.org", r"repo\.maven\.apache\.org", r"(?:registry-1|index|auth)\.docker\.io",
    r"docker\.io(?=/)", r"ghcr\.io", r"quay\.io", r"mcr\.microsoft\.com",
]

# The samples of what must be found.
EXEMPT = ("tests/lint/selftest/",)

RULES = [(re.compile(pattern), meaning) for pattern, meaning in PATTERNS]
RULES += [(re.compile(rf"(?i)(?<![\w-])(?:{host})(?!\w)"),
           "a package registry's host: which one is used is a setting of the machine")
          for host in REGISTRIES]


def check(tree):
    for path in tree.files():
        text = tree.read(path)
        if text is None or path.startswith(EXEMPT):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            for pattern, meaning in RULES:
                match = pattern.search(line)
                if match:
                    tree.report(path, number, f'"{match.group(0)}": {meaning}')


if __name__ == "__main__":
    lint.run(check)
