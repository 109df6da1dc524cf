import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../server/config.ts';
import { reachFor } from '../../server/start/deviceReach.ts';

const reach = (settings: Record<string, string>) =>
  reachFor(loadConfig(settings), { host: 'a.example', isHttps: true });

describe('where devices are told to send', () => {
  it('is the address of the pages, or a door of their own beside it', () => {
    const PUBLIC_URL = 'https://luft.example.org';
    expect(reach({})).toMatchObject({ host: 'a.example', httpPort: '443', isHttps: true });
    expect(reach({ PUBLIC_URL })).toMatchObject({ host: 'luft.example.org', httpPort: '443', isHttps: true });
    const ofStack = { PUBLIC_URL, DEVICE_URL: 'http://luft.example.org', MQTT_URL: 'mqtt://mosquitto:1883' };
    expect(reach(ofStack)).toEqual({
      ...{ host: 'luft.example.org', httpPort: '80', isHttps: false },
      ...{ mqttHost: 'luft.example.org', mqttPort: '1883' },
    });
  });
});
