#!/bin/sh
# Stops what start.sh started. It keeps nothing.
set -eu
folder=$(cd "$(dirname "$0")/../.." && pwd)/.facet/eureka

if [ -f "$folder/server.pid" ]; then
  pid=$(cat "$folder/server.pid")
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null || true
  rm -f "$folder/server.pid"
fi
