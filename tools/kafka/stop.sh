#!/bin/sh
# Stops what start.sh started. `--erase` removes its topics as well.
set -eu
folder=$(cd "$(dirname "$0")/../.." && pwd)/.facet/kafka

if [ -f "$folder/broker.pid" ]; then
  pid=$(cat "$folder/broker.pid")
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null || true
  rm -f "$folder/broker.pid"
fi
if [ "${1:-}" = --erase ]; then rm -rf "$folder/data"; fi
