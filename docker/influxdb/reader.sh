#!/bin/sh
# Gives the readings' bucket an account that may read it and nothing else: Grafana's, by name and password, as the InfluxQL API
# takes them. The image runs this once, after it has set InfluxDB up; run again, it sets the password anew (docs/grafana.md).
set -eu
if influx v1 auth set-password --username "$READER_USERNAME" --password "$READER_PASSWORD" 2> /dev/null; then exit; fi

bucket=$(influx bucket list --name "$DOCKER_INFLUXDB_INIT_BUCKET" --hide-headers | cut -f 1)
[ -n "$bucket" ] || { echo "reader.sh: there is no bucket $DOCKER_INFLUXDB_INIT_BUCKET" >&2; exit 1; }
influx v1 auth create --username "$READER_USERNAME" --password "$READER_PASSWORD" --read-bucket "$bucket" \
  --description "Grafana: reads $DOCKER_INFLUXDB_INIT_BUCKET" > /dev/null
