#!/bin/sh
# Starts a real Eureka server on 127.0.0.1:8761 (EUREKA_PORT for another) and returns when it answers; with --begin at once, and `start.sh` again waits.
# Jars and log live in .facet/eureka. Installs nothing: java 17 or newer and mvn must be there. Starting what runs already is fine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=$root/.facet/eureka
port=${EUREKA_PORT:-8761}

fail() {
  echo "eureka: $1" >&2
  exit 1
}

command -v java >/dev/null || fail 'java is missing. Install a Java runtime, 17 or newer (Debian: apt-get install default-jre-headless).'
version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
[ "${version:-0}" -ge 17 ] || fail "Java 17 or newer is needed; this is ${version:-an unknown version}."
node=$(command -v node || echo "$root/node_modules/.bin/node")

await() { "$node" "$here/await-server.mjs" "http://127.0.0.1:$port/eureka/apps" || fail "it does not answer; see $folder/server.log."; }

mkdir -p "$folder"
if [ -f "$folder/server.pid" ] && kill -0 "$(cat "$folder/server.pid")" 2>/dev/null; then
  [ "${1:-}" = --begin ] || await
  exit 0
fi

if [ ! -f "$folder/lib/.complete" ] || ! cmp -s "$here/pom.xml" "$folder/lib/.complete"; then
  command -v mvn >/dev/null || fail 'mvn is missing, which fetches the jars. Install Maven (Debian: apt-get install maven).'
  echo 'eureka: fetching the jars from Maven Central'
  rm -rf "$folder/lib"
  mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/lib" -DincludeScope=runtime || fail 'the jars could not be fetched.'
  cp "$here/pom.xml" "$folder/lib/.complete"
fi

sed -e "s|@PORT@|$port|" "$here/server.properties" >"$folder/server.properties"
nohup java -Xmx128m -XX:TieredStopAtLevel=1 -cp "$folder/lib/*" org.springframework.boot.SpringApplication \
  --spring.config.location="file:$folder/server.properties" >"$folder/server.log" 2>&1 </dev/null &
echo $! >"$folder/server.pid"
[ "${1:-}" = --begin ] || await
