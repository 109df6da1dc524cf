import { createPrivateKey, X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connectAsync } from 'mqtt';
import { createTransport } from 'nodemailer';
import { certificateAt } from '../admin/certificates.ts';
import { operatorAddress } from '../admin/operatorWatch.ts';
import { counted } from '../cli/progressLines.ts';
import { DAY_MS } from '../domain/durations.ts';
import { type Check, type Finding, fail, logOf, ok, unset, warn } from './doctor.ts';

/** Certificates are renewed 30 days before they end; two weeks before, that has failed. */
const CERTIFICATE_WARN_DAYS = 14;
const TIMEOUT_MS = 5_000;
/** What a look-up says that finds no name. */
const NO_NAME: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/** PUBLIC_URL's name leads somewhere. */
export const dnsCheck: Check = async ({ config: { PUBLIC_URL } }) => {
  if (PUBLIC_URL === undefined) {
    return warn('PUBLIC_URL is not set.', 'set it: links in mails, sheets and citations need it');
  }
  const { hostname } = new URL(PUBLIC_URL);
  try {
    const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
    return ok(`${hostname} is ${addresses.map(({ address }) => address).join(', ')}.`);
  } catch (error) {
    return fail(`${hostname} leads nowhere (${codeOf(error)}).`, 'set an A or AAAA record, or correct PUBLIC_URL');
  }
};

/** The certificate files fit each other and last. */
export const certificateCheck: Check = ({ config, clock }) => {
  const { TLS_CERT, TLS_KEY } = config;
  if (TLS_CERT === undefined || TLS_KEY === undefined) return unset('No TLS_CERT: HTTPS is up to a proxy in front.');
  const certificate = new X509Certificate(readFileSync(TLS_CERT));
  if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(TLS_KEY)))) {
    return fail('TLS_KEY is not the key of TLS_CERT.', 'set the two files of one certificate');
  }
  const host = config.PUBLIC_URL && new URL(config.PUBLIC_URL).hostname;
  if (host && certificate.checkHost(host) === undefined) {
    return fail(`The certificate is not for ${host}.`, 'get one for the host of PUBLIC_URL');
  }
  return lasting(certificate, clock());
};

/** Whoever follows PUBLIC_URL meets a certificate that holds. */
export const httpsCheck: Check = async ({ config: { PUBLIC_URL }, isContainer, clock }) => {
  const url = PUBLIC_URL === undefined ? undefined : new URL(PUBLIC_URL);
  if (isContainer && url?.hostname === 'localhost') {
    return warn(
      `${PUBLIC_URL} is for this machine alone.`,
      "set DOMAIN in .env to the instance's name, then: docker compose up -d",
    );
  }
  if (url?.protocol !== 'https:') {
    return warn(
      url === undefined ? 'Without PUBLIC_URL no https address is known.' : 'PUBLIC_URL is not https.',
      'put a proxy with HTTPS in front: owner links are keys, and "near me" needs it',
    );
  }
  try {
    return lasting(await certificateAt({ host: url.hostname, port: Number(url.port || 443) }), clock());
  } catch (error) {
    if (NO_NAME.has(codeOf(error))) return unset(`${url.hostname} leads nowhere: see DNS.`);
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      `${PUBLIC_URL}: ${reason}`,
      isContainer ? logOf('caddy') : 'see that the proxy in front runs, and the firewall',
    );
  }
};

/** The broker takes our account. */
export const brokerCheck: Check = async ({ config, isRunning, isContainer }) => {
  const { MQTT_URL, MQTT_USERNAME, MQTT_PASSWORD, MQTT_PORT } = config;
  if (MQTT_URL === undefined) {
    return isRunning ? ok(`Embedded, on port ${MQTT_PORT}.`) : unset('Embedded: starts with the server.');
  }
  const account = MQTT_USERNAME === undefined ? {} : { username: MQTT_USERNAME, password: MQTT_PASSWORD ?? '' };
  const options = { ...account, protocolVersion: 5 as const, connectTimeout: TIMEOUT_MS, reconnectPeriod: 0 };
  try {
    const client = await connectAsync(MQTT_URL, options);
    await client.endAsync();
    return ok(`${new URL(MQTT_URL).host} takes our account.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      `${new URL(MQTT_URL).host}: ${reason}`,
      isContainer ? logOf('mosquitto') : 'check MQTT_URL, MQTT_USERNAME and MQTT_PASSWORD',
    );
  }
};

/** The mail server takes our account; nothing is sent. */
export const mailCheck: Check = async ({ config, isContainer }) => {
  const { SMTP_URL } = config;
  if (SMTP_URL === undefined) {
    const help = `set SMTP_URL and MAIL_FROM in .env${isContainer ? ', then: docker compose up -d' : ', then start again'}`;
    return warn('SMTP_URL is not set: no alerts, no lost links.', help);
  }
  const transport = createTransport({ url: SMTP_URL, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS });
  try {
    await transport.verify();
    const detail = `${new URL(SMTP_URL).host} takes our account.`;
    if (operatorAddress(config) !== undefined) return ok(detail);
    return warn(`${detail} Nobody is warned when something is wrong.`, 'set OPERATOR_MAIL');
  } catch (error) {
    return fail(`${new URL(SMTP_URL).host}: ${error instanceof Error ? error.message : error}`, 'check SMTP_URL');
  } finally {
    transport.close();
  }
};

function lasting(certificate: X509Certificate, now: number): Finding {
  const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
  if (days < 0)
    return fail(
      `The certificate ended ${counted(-days, 'day')} ago.`,
      'renew it (with Caddy: `docker compose logs caddy`)',
    );
  const detail = `The certificate lasts ${counted(days, 'more day')}.`;
  return days < CERTIFICATE_WARN_DAYS
    ? warn(detail, 'renew it, and see why that did not happen by itself')
    : ok(detail);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
