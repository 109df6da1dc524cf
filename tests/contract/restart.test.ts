import { describe, expect, it } from '@jest/globals';
import { latestTopic } from '../../server/domain/topics.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { connectDevice, nextMessage } from '../support/mqttClients.ts';
import { startProgram } from '../support/program.ts';

describe('a start on data of an earlier run', () => {
  it('works with stations that are not public, and shows the others as before', async () => {
    const before = await startProgram({ settings: { REGISTRATION: 'approval' } });
    const shown = await before.addStation('esp8266-4711');
    await before.addStation('esp8266-4712', { isIndoor: true });
    const body = { name: 'Waiting', position: { lat: 51.4, lon: 7 }, isIndoor: false, acceptedTerms: true };
    expect((await before.send('POST', '/api/v1/stations', { body })).status).toBe(201);
    const device = await connectDevice(before.mqttPort, shown);
    await device.publishAsync(`buergerluft/${shown.deviceId}/airrohr`, airrohrBody(shown.deviceId), { qos: 1 });
    await before.close();

    const after = await startProgram({ dataDir: before.dataDir });
    const { features } = JSON.parse((await after.get('/api/v1/stations')).text);
    expect(features).toMatchObject([{ id: shown.id, properties: { latest: { pm25: { value: 34.47 } } } }]);
    const again = await connectDevice(after.mqttPort, shown);
    const message = nextMessage(again);
    await again.subscribeAsync('buergerluft/stations/+/latest');
    const [topic, text] = await message;
    expect([topic, JSON.parse(text).latest.pm25.value]).toEqual([latestTopic(shown.id), 34.47]);
  });
});
