#!/bin/sh
# Inside the image build: warms each language and writes what the agent reads at its start,
# /opt/kiln/languages/<name>/{language.json,version}.
set -eu

for folder in /opt/kiln/build/languages/*/; do
	name=$(basename "$folder")
	if [ -f "$folder/warm.sh" ]; then
		echo "warms $name"
		sh "$folder/warm.sh"
	fi
	mkdir -p "/opt/kiln/languages/$name"
	cp "$folder/language.json" "/opt/kiln/languages/$name/"
	answer=$(sh "$folder/version.sh")
	printf '%s\n' "$answer" | head -n 1 | LC_ALL=C tr -cd '[:print:]' | cut -c 1-90 |
		tee "/opt/kiln/languages/$name/version" | grep .
done
rm -rf /opt/kiln/build
