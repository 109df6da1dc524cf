import { describe, expect, it } from '@jest/globals';
import { HOSTILE_TEXTS } from '../support/hostileTexts.ts';
import { ADMIN_TOKEN, type Program, startProgram } from '../support/program.ts';

const PAGES = [
  ...[
    '/',
    '/report',
    '/host',
    '/compare',
    '/stations',
    '/alerts',
    '/methods',
    '/about',
    '/imprint',
    '/privacy',
    '/accessibility',
  ],
  ...['/leichte-sprache', '/docs', '/nowhere', '/station/nowhere', '/area/nowhere', '/cite/nowhere', '/admin'],
];

/** Directive of a policy with its sources. */
function policyOf(header: string): Map<string, string[]> {
  const parts = header.split(';').map((part) => part.trim().split(/\s+/));
  return new Map(parts.map(([name = '', ...sources]) => [name, sources]));
}

describe('every page', () => {
  it('comes with a policy that runs nothing but our own files, and keeps to it', async () => {
    const program = await startProgram();
    const { id } = await program.addStation('esp8266-3001');
    for (const path of [...PAGES, `/station/${id}`, `/embed/station/${id}`]) {
      const { headers, text } = await program.get(path);
      const policy = policyOf(headers.get('content-security-policy') ?? '');
      expect([path, policy.get('default-src')]).toEqual([path, ["'self'"]]);
      for (const name of ['object-src', 'base-uri', 'script-src-attr']) {
        expect([path, name, policy.get(name)]).toEqual([path, name, ["'none'"]]);
      }
      expect(policy.get('style-src')).toEqual(["'self'"]);
      const scripts = policy.get('script-src') ?? [];
      expect(scripts.filter((source) => source !== "'self'" && !source.startsWith("'sha256-"))).toEqual([]);
      expect([path, headers.get('x-content-type-options'), headers.get('referrer-policy')]).toEqual([
        ...[path, 'nosniff', 'no-referrer'],
      ]);
      expect([path, headers.get('x-powered-by')]).toEqual([path, null]);
      // Nothing the policy would refuse, and nothing from elsewhere.
      expect([path, /\sstyle="|\son[a-z]+="|javascript:/i.exec(text)?.[0]]).toEqual([path, undefined]);
      expect([path, /(?:src|<link[^>]*href)="https?:/i.exec(text)?.[0]]).toEqual([path, undefined]);
    }
  });
});

describe('a key', () => {
  it('counts in Authorization and nowhere else', async () => {
    const { url, send } = await startProgram();
    const ask = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(url + path, { headers })).status;
    expect((await send('GET', '/metrics', { key: ADMIN_TOKEN })).status).toBe(200);
    for (const name of ['token', 'key', 'access_token', 'adminToken', 'authorization']) {
      expect(await ask(`/metrics?${name}=${ADMIN_TOKEN}`)).toBe(401);
    }
    const elsewhere: Record<string, string>[] = [
      { Cookie: `token=${ADMIN_TOKEN}; authorization=Bearer ${ADMIN_TOKEN}` },
      { 'X-Api-Key': ADMIN_TOKEN },
      { 'X-Authorization': `Bearer ${ADMIN_TOKEN}` },
      { Authorization: `Basic ${Buffer.from(`admin:${ADMIN_TOKEN}`).toString('base64')}` },
      { 'Proxy-Authorization': `Bearer ${ADMIN_TOKEN}` },
    ];
    for (const headers of elsewhere) expect([headers, await ask('/metrics', headers)]).toEqual([headers, 401]);
  });

  it('sets no cookie, on whatever page', async () => {
    const program = await startProgram();
    for (const path of [...PAGES, '/api/v1/stations']) {
      expect([path, (await program.get(path)).headers.get('set-cookie')]).toEqual([path, null]);
    }
  });
});

/** Where a reader's text goes into a query. */
function addressesOf(text: string, id: string): string[] {
  const hostile = encodeURIComponent(text);
  const day = 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z';
  return [
    `/api/v1/stations/${hostile}`,
    `/api/v1/stations/${hostile}/series?quantity=pm25&${day}`,
    `/api/v1/stations/${id}/series?quantity=${hostile}&${day}`,
    `/api/v1/stations/${id}/series?quantity=pm25&sensor=${hostile}&${day}`,
    `/api/v1/stations/${id}/series?quantity=pm25&window=${hostile}&${day}`,
    `/api/v1/stations?bbox=${hostile}`,
    `/api/v1/map?quantity=${hostile}&average=1h`,
    `/api/v1/areas/${hostile}`,
    `/api/v1/days-above?station=${hostile}&quantity=pm10&year=2026`,
    `/api/v1/citations/${hostile}`,
    `/airrohr/v1/sensor/${hostile}/`,
    `/airrohr/v1/filter/area=${hostile}`,
    `/sta/v1.1/Things?$filter=name eq '${hostile}'`,
    `/station/${hostile}`,
    `/report?station=${hostile}`,
  ];
}

describe('text that is more than a name', () => {
  it('gets a plain answer everywhere, never an error of ours, and changes nothing', async () => {
    const program = await startProgram();
    const { id } = await program.addStation('esp8266-3002');
    for (const text of HOSTILE_TEXTS) {
      for (const path of addressesOf(text, id)) {
        const { status } = await program.get(path);
        expect({ path, status, isOurs: status >= 500 }).toEqual({ path, status, isOurs: false });
      }
    }
    await expectUntouched(program, id);
  });
});

describe('a station name that a spreadsheet would run behind a comma', () => {
  it.each([',=HYPERLINK("//x")', ', +1', ';=1+1', ',"=1+1"', ',@SUM(1)', ',-2+3'])(
    'is text in every file: %s',
    async (tail) => {
      const program = await startProgram();
      const { id } = await program.addStation('esp8266-3003', { name: `Balkon${tail}` });
      const paths = [
        `/api/v1/stations/${id}/series?quantity=pm25&window=raw&format=csv`,
        `/api/v1/stations/${id}/series?quantity=pm25&window=1h&format=csv`,
        `/api/v1/days-above?station=${id}&quantity=pm10&year=2025&format=csv`,
      ];
      for (const path of paths) {
        const { status, text } = await program.get(path);
        expect({ path, status, isNamed: text.includes('Balkon') }).toEqual({
          ...{ path, status: 200, isNamed: true },
        });
        // However it is split into cells.
        expect({ path, run: text.match(/[,;\t]["\s]*[=+@-].*/g) }).toEqual({ path, run: null });
      }
    },
  );
});

async function expectUntouched({ get, logged }: Program, id: string): Promise<void> {
  expect((await get(`/api/v1/stations/${id}`)).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  expect(logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
}
