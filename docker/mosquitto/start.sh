#!/bin/sh
# Puts the services' accounts and the devices' accounts together and becomes the broker. The server writes the devices' files
# (passwords, acl) into the folder both share; whenever they change, the broker is told to read them again, which also
# closes the connections of devices whose token is no longer good.
set -eu
umask 077
config=/mosquitto/config data=/mosquitto/data devices=/mosquitto/devices

# update <target> <part> <part of the devices, may be missing>: true when the target changed
update() {
  { cat "$2"; [ ! -f "$3" ] || cat "$3"; } > "$1.new"
  if cmp -s "$1.new" "$1"; then return 1; fi
  mv "$1.new" "$1"
}

update_all() {
  changed=1
  if update "$data/passwords" "$data/services" "$devices/passwords"; then changed=0; fi
  if update "$data/acl" "$config/acl" "$devices/acl"; then changed=0; fi
  return $changed
}

mosquitto_passwd -b -c "$data/services" server "$SERVER_PASSWORD"
mosquitto_passwd -b "$data/services" bridge "$BRIDGE_PASSWORD"
update_all || true
while sleep 2 && kill -0 $$ 2>/dev/null; do
  if update_all; then kill -HUP $$; fi
done &
exec mosquitto -c "$config/mosquitto.conf"
