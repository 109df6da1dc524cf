#!/bin/sh
# Writes the passwords of the two services, keeps those of the devices, and becomes the broker.
set -eu
umask 077
passwords=/mosquitto/data/passwords
touch "$passwords"
mosquitto_passwd -b "$passwords" server "$SERVER_PASSWORD"
mosquitto_passwd -b "$passwords" bridge "$BRIDGE_PASSWORD"
exec mosquitto -c /mosquitto/config/mosquitto.conf
