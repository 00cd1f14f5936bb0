#!/bin/sh
# Starts a real Apache Kafka on 127.0.0.1:9092 (KAFKA_PORT for another, its controller one above) and returns when it accepts connections and groups.
# Jars, data and log live in .facet/kafka. Installs nothing: java 17 or newer and mvn must be there. Starting what runs already is fine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=$root/.facet/kafka
port=${KAFKA_PORT:-9092}

fail() {
  echo "kafka: $1" >&2
  exit 1
}

command -v java >/dev/null || fail 'java is missing. Install a Java runtime, 17 or newer (Debian: apt-get install default-jre-headless).'
version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
[ "${version:-0}" -ge 17 ] || fail "Java 17 or newer is needed; this is ${version:-an unknown version}."
node=$root/node_modules/.bin/node
[ -x "$node" ] || fail 'the packages are missing. Run npm install first.'

mkdir -p "$folder"
if [ -f "$folder/broker.pid" ] && kill -0 "$(cat "$folder/broker.pid")" 2>/dev/null; then
  exec "$node" --disable-warning=TimeoutNegativeWarning "$here/await-broker.mjs" "127.0.0.1:$port"
fi

if [ ! -f "$folder/lib/.complete" ] || ! cmp -s "$here/pom.xml" "$folder/lib/.complete"; then
  command -v mvn >/dev/null || fail 'mvn is missing, which fetches the jars. Install Maven (Debian: apt-get install maven).'
  echo 'kafka: fetching the jars from Maven Central'
  rm -rf "$folder/lib"
  mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/lib" -DincludeScope=runtime || fail 'the jars could not be fetched.'
  cp "$here/pom.xml" "$folder/lib/.complete"
fi

sed -e "s|@FOLDER@|$folder|" -e "s|@PORT@|$port|" -e "s|@CONTROLLER_PORT@|$((port + 1))|" "$here/server.properties" >"$folder/server.properties"
[ -f "$folder/data/meta.properties" ] ||
  java -cp "$folder/lib/*" kafka.tools.StorageTool format -t CBv91F7DT9-pkQY9evYTFw -c "$folder/server.properties" >"$folder/broker.log" 2>&1 ||
  fail "the data folder could not be made; see $folder/broker.log."

nohup java -Xms256m -Xmx512m -cp "$folder/lib/*" kafka.Kafka "$folder/server.properties" >"$folder/broker.log" 2>&1 </dev/null &
echo $! >"$folder/broker.pid"
"$node" --disable-warning=TimeoutNegativeWarning "$here/await-broker.mjs" "127.0.0.1:$port" || fail "the broker does not answer; see $folder/broker.log."
