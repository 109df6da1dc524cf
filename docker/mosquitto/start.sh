#!/bin/sh
# Prepares Mosquitto's accounts and certificate, then becomes the broker. What must be taken over by a fresh start (the accounts'
# whole file, a first certificate) ends it; the container is restarted, and sessions and messages are kept.
set -eu
umask 077
config=/mosquitto/config data=/mosquitto/data accounts=/mosquitto/accounts certificates=/mosquitto/certificates
whole=$accounts/dynamic-security.json tls=/tmp/mosquitto/tls.conf

# sum <file>: changes with its content; empty when there is none
sum() {
  [ ! -f "$1" ] || sha256sum < "$1"
}

# At first, and after the server's password was changed in .env, there is the server's account alone. The server makes the others
# anew, or writes their whole file when it is given none of their tokens.
password=$(printf %s "$SERVER_PASSWORD" | sha256sum)
if [ ! -s "$data/dynamic-security.json" ] || [ "$password" != "$(cat "$data/password.sum" 2>/dev/null)" ]; then
  rm -f "$data/dynamic-security.json"
  mosquitto_ctrl dynsec init "$data/dynamic-security.json" server "$SERVER_PASSWORD" > /dev/null
  printf '%s\n' "$password" > "$data/password.sum"
  sum "$whole" > "$data/accounts.sum"
elif [ -f "$whole" ] && [ "$(sum "$whole")" != "$(cat "$data/accounts.sum")" ]; then
  sum "$whole" > "$data/accounts.sum"
  cp "$whole" "$data/dynamic-security.json"
fi

# The newest certificate of $DOMAIN, whoever signed it: Caddy keeps those of each authority it ever went to. Its key lies beside it.
certificate() {
  newest=$(find "$certificates" -name "$DOMAIN.crt" -type f -exec ls -t {} + 2>/dev/null | head -n 1)
  [ ! -f "${newest%.crt}.key" ] || printf '%s\n' "${newest%.crt}.$1"
}
take_certificate() {
  cp "$(certificate crt)" "$data/tls.crt"
  cp "$(certificate key)" "$data/tls.key"
}
mkdir -p /tmp/mosquitto
rm -f "$tls"
if [ -n "$(certificate key)" ]; then
  take_certificate
  cp "$config/tls.conf" "$tls"
fi

while sleep 2 && kill -0 $$ 2>/dev/null; do
  if [ -f "$whole" ] && [ "$(sum "$whole")" != "$(cat "$data/accounts.sum")" ]; then kill -TERM $$; fi
  [ -n "$(certificate key)" ] || continue
  if [ ! -f "$tls" ]; then kill -TERM $$; fi
  if [ "$(sum "$(certificate crt)")" != "$(sum "$data/tls.crt")" ]; then take_certificate && kill -HUP $$; fi
done &
exec mosquitto -c "$config/mosquitto.conf"
