import { describe, expect, it } from '@jest/globals';
import { airrohrBody } from '../support/airrohrBody.ts';
import { connectDevice, refusalOf } from '../support/mqttClients.ts';
import { type OwnStation, type Program, startProgram } from '../support/program.ts';

const KEY = 'ZZZZZZZZZZZZZZZZZZZZZZZZZZ';

/** Raw values of a station's PM2.5. */
async function storedOf({ get }: Program, { id }: OwnStation): Promise<number[]> {
  const { text } = await get(`/api/v1/stations/${id}/series?quantity=pm25&window=raw`);
  return (JSON.parse(text).points as { value: number }[]).map(({ value }) => value);
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** A request at one of the device doors. */
function push(
  { url }: Program,
  path: string,
  { authorization, body, headers = {} }: { authorization?: string; body: string; headers?: Record<string, string> },
) {
  return fetch(url + path, { method: 'POST', headers: { ...(authorization && { authorization }), ...headers }, body });
}

describe('a forged push', () => {
  it('never becomes a station’s value, whatever door it comes through and whatever it says it is', async () => {
    const program = await startProgram();
    const victim = await program.addStation('esp8266-4711');
    const forger = await program.addStation('esp8266-6666');
    const body = airrohrBody(victim.deviceId);
    const line = `feinstaub,node=${victim.deviceId} SDS_P1=99.9,SDS_P2=99.9`;
    const sensor = { 'X-Sensor': victim.deviceId, 'X-PIN': '1' };
    const pinned = JSON.stringify({ sensordatavalues: [{ value_type: 'P2', value: '99.9' }] });
    const attempts: Parameters<typeof push>[2][] = [];
    const paths: string[] = [];
    const attempt = (path: string, request: Parameters<typeof push>[2]) => {
      paths.push(path);
      attempts.push(request);
    };
    for (const authorization of [
      undefined,
      basic('', ''),
      basic(victim.deviceId, ''),
      basic(victim.deviceId, KEY),
      `Bearer ${victim.ownerKey}`,
      basic(victim.deviceId, victim.ownerKey),
      basic(victim.deviceId, forger.token),
      basic(forger.deviceId, victim.token),
    ]) {
      attempt('/data.php', { body, ...(authorization && { authorization }) });
      attempt('/write?db=luft', { body: line, ...(authorization && { authorization }) });
      attempt('/v1/push-sensor-data/', { body: pinned, headers: sensor, ...(authorization && { authorization }) });
    }
    attempt(`/push/${KEY}`, { body });
    attempt(`/push/${victim.ownerKey}`, { body });
    attempt(`/push/${victim.id}`, { body });
    attempt('/api/v2/write', { body: line, authorization: `Token ${KEY}` });
    // Signed in rightly, but in somebody else's name.
    const own = basic(forger.deviceId, forger.token);
    attempt('/data.php', { body, authorization: own });
    attempt(`/push/${forger.token}`, { body });
    const statuses = [];
    for (const [index, request] of attempts.entries())
      statuses.push((await push(program, paths[index] ?? '', request)).status);
    expect(statuses.filter((status) => ![400, 401].includes(status))).toEqual([]);
    const device = await connectDevice(program.mqttPort, forger);
    for (const topic of [
      `buergerluft/${victim.deviceId}/airrohr`,
      `tele/${victim.deviceId}/SENSOR`,
      `buergerluft/stations/${victim.id}/latest`,
    ]) {
      await device.publishAsync(topic, body, { qos: 1 });
    }
    await device.publishAsync(`buergerluft/${forger.deviceId}/airrohr`, body, { qos: 1 });
    expect(await refusalOf(connectDevice(program.mqttPort, { deviceId: victim.deviceId, token: forger.token }))).toBe(
      4,
    );
    expect(await storedOf(program, victim)).toEqual([]);
    expect(
      (await push(program, '/data.php', { body, authorization: basic(victim.deviceId, victim.token) })).status,
    ).toBe(204);
    expect(await storedOf(program, victim)).toEqual([34.47]);
    expect(await storedOf(program, forger)).toEqual([]);
  });

  it('does not keep a right one out, however many wrong tokens come from the same address', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-4711');
    const body = airrohrBody(station.deviceId);
    const wrong = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const answer = await push(program, '/data.php', { body, authorization: basic(station.deviceId, KEY) });
        if (answer.status !== 401) throw new Error(`answered ${answer.status}`);
      }
    };
    const flood = Promise.all(Array.from({ length: 10 }, () => wrong(100)));
    const right = [];
    for (let i = 0; i < 5; i++) {
      const authorization = basic(station.deviceId, station.token);
      right.push(
        (await push(program, '/data.php', { body: body.replace('"samples"', `"samples${i}"`), authorization })).status,
      );
    }
    await flood;
    right.push(
      (await push(program, '/data.php', { body, authorization: basic(station.deviceId, station.token) })).status,
    );
    expect(right).toEqual([204, 204, 204, 204, 204, 204]);
    expect((await storedOf(program, station)).every((value) => value === 34.47)).toBe(true);
  });
});
