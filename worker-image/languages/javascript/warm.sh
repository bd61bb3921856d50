#!/bin/sh
# What makes a node process stand ready for a job.
set -eu
mkdir -p /opt/kiln/languages/javascript
cp "$(dirname "$0")"/warm/*.js /opt/kiln/languages/javascript/
