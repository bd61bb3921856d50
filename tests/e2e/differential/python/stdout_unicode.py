print("ünï 日本 𝄞 \u200b \x00 \x1b[1m \ufeff")
print("\N{SNOWMAN}", "é" == "e\u0301", len("𝄞"))
