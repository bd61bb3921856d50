#!/bin/sh
# Builds the zygote (warm/zygote.c) against the image's own Python, statically, since a library that
# is shared has to be bound to each process anew. Its header files and archives do not stay.
set -eu
folder=$(dirname "$0")/warm
target=/opt/kiln/languages/python
version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')

apt-get -q -o Acquire::Retries=3 update
before=$(mktemp)
dpkg-query --show --showformat '${Package}\n' | sort >"$before"
apt-get -q -y -o Acquire::Retries=3 --no-install-recommends install "libpython$version-dev" gcc
mkdir -p "$target"
archive=$(find "/usr/lib/python$version" -name "libpython$version.a" | head -n 1)
# shellcheck disable=SC2046 # each library is an argument
gcc -std=gnu17 -O2 -Wall -Wextra -Werror -fno-pie -no-pie -D_GNU_SOURCE -I"$folder" \
	-I/opt/kiln/build/internal -isystem "/usr/include/python$version" -o "$target/zygote" \
	"$folder"/*.c /opt/kiln/build/internal/sandbox/spawn.c /opt/kiln/build/internal/base/err.c \
	-Wl,--export-dynamic \
	-Wl,--wrap=Py_FinalizeEx,--wrap=Py_Exit \
	-Wl,--wrap=_PyInterpreterState_Clear,--wrap=PyErr_WriteUnraisable \
	"$archive" \
	$("/usr/bin/python3" -c 'import sysconfig as s; print(s.get_config_var("LIBS"), s.get_config_var("MODLIBS"), s.get_config_var("SYSLIBS"))') -lexpat -lz
/usr/bin/python3 "$folder/closures.py" >"$target/closures"
cp "$folder/rehearsal.py" "$target/"
dpkg-query --show --showformat '${Package}\n' | sort | comm -13 "$before" - |
	xargs -r apt-get -q -y purge
rm -rf "$before" /var/lib/apt/lists/* /var/log/apt /var/cache/apt/archives/*.deb
