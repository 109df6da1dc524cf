#!/bin/sh
# Prepares Mosquitto's accounts and certificate and runs it. What it takes over only at its start (the accounts' whole file, a first
# certificate) ends and starts the broker, not the container: `docker compose up` would give up on one that ends. Sessions and
# messages are kept.
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
are_accounts_new() {
  [ -f "$whole" ] && [ "$(sum "$whole")" != "$(cat "$data/accounts.sum")" ]
}
prepare_accounts() {
  if [ ! -s "$data/dynamic-security.json" ] || [ "$password" != "$(cat "$data/password.sum" 2>/dev/null)" ]; then
    rm -f "$data/dynamic-security.json"
    mosquitto_ctrl dynsec init "$data/dynamic-security.json" server "$SERVER_PASSWORD" > /dev/null
    printf '%s\n' "$password" > "$data/password.sum"
    sum "$whole" > "$data/accounts.sum"
  elif are_accounts_new; then
    sum "$whole" > "$data/accounts.sum"
    cp "$whole" "$data/dynamic-security.json"
  fi
}

# The newest certificate of $DOMAIN, whoever signed it: Caddy keeps those of each authority it ever went to. Its key lies beside it.
certificate() {
  newest=$(find "$certificates" -name "$DOMAIN.crt" -type f -exec ls -t {} + 2>/dev/null | head -n 1)
  [ ! -f "${newest%.crt}.key" ] || printf '%s\n' "${newest%.crt}.$1"
}
take_certificate() {
  cp "$(certificate crt)" "$data/tls.crt"
  cp "$(certificate key)" "$data/tls.key"
}
prepare_certificate() {
  mkdir -p /tmp/mosquitto
  rm -f "$tls"
  if [ -n "$(certificate key)" ]; then
    take_certificate
    cp "$config/tls.conf" "$tls"
  fi
}

# Looks every two seconds, until the broker is to start anew, is to end, or has ended by itself.
watch() {
  while kill -0 "$broker" 2>/dev/null; do
    sleep 2 &
    wait $! || true
    if [ -n "$is_ending" ] || are_accounts_new; then return; fi
    [ -n "$(certificate key)" ] || continue
    if [ ! -f "$tls" ]; then return; fi
    if [ "$(sum "$(certificate crt)")" != "$(sum "$data/tls.crt")" ]; then take_certificate && kill -HUP "$broker"; fi
  done
  has_ended=yes
}

broker='' is_ending='' has_ended=''
trap 'is_ending=yes' TERM INT
until [ -n "$is_ending$has_ended" ]; do
  prepare_accounts
  prepare_certificate
  mosquitto -c "$config/mosquitto.conf" &
  broker=$!
  watch
  kill -TERM "$broker" 2>/dev/null || true
  code=0
  wait "$broker" || code=$?
done
# Of a broker that ended by itself: the container is started again.
exit "$code"
