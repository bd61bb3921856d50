#!/bin/sh
# Fills the build cache that language.json names. Debian's compiled standard library is of
# CGO_ENABLED=1: without this, a program that imports net/http compiles 4 s of it for every job.
# The cache is read-only to a job, so that nothing passes through it from one job to the next.
set -eu
export CGO_ENABLED=0 GOCACHE=/opt/kiln/go-cache GOPATH=/tmp/go GOPROXY=off
go build std
rm -rf /tmp/go
