import re

print(re.findall(r"(\w+)@(\w+)", "a@b c@d"), re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", "1234567"))
print(re.compile(r"(?i)x+", re.M), re.fullmatch("[α-ω]+", "λόγος"), re.split(r"\s*,\s*", "a , b,c"))
try:
    re.compile("(unclosed")
except re.error as error:
    print(error, error.pos)
