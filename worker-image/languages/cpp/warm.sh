#!/bin/sh
# Precompiles the sets of headers that kiln-cc knows. The flags must be those of language.json, or
# g++ passes the result over; -Winvalid-pch -Werror says so here.
set -eu
here=$(dirname "$0")
flags="-O2 -std=c++20 -pipe"
mkdir -p /opt/kiln/precompiled
cd /opt/kiln/precompiled
g++ -O2 -fPIC -shared -fno-exceptions -fno-rtti -o /tmp/instantiate.so "$here/instantiate.cc"
/opt/kiln/bin/kiln-cc --sets | while read -r name headers; do
	{
		for header in $headers; do
			echo "#include <$header>"
		done
		echo "#pragma kiln instantiate"
	} >"$name.h"
	# $flags is a list.
	# shellcheck disable=SC2086
	g++ $flags -fplugin=/tmp/instantiate.so -x c++-header -o "$name.h.gch" \
		"/opt/kiln/precompiled/$name.h"
	# shellcheck disable=SC2086
	g++ $flags -Winvalid-pch -Werror -include "/opt/kiln/precompiled/$name.h" \
		-x c++ -fsyntax-only /dev/null
done
rm /tmp/instantiate.so
