#!/bin/sh
# Builds the compiler driver of C and C++; see kiln-cc.c.
set -eu
mkdir -p /opt/kiln/bin
gcc -std=gnu17 -O2 -Wall -Wextra -Werror -static -s -o /opt/kiln/bin/kiln-cc \
	"$(dirname "$0")/kiln-cc.c"
