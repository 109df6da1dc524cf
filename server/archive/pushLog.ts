import { isRejection } from '../domain/reading.ts';
import { decodeAirrohr } from '../ingest/decoders/airrohr.ts';
import { isJsonObject, parseFlat } from '../ingest/decoders/json.ts';
import { type ArchiveParser, type ArchiveRow, type ArchiveSource, type RefusedRow, refuseRow } from './archiveRow.ts';

const COMMA = 44;

/**
 * Pushes of an airRohr as people log them, one a line, each line but the first beginning with a comma:
 *
 *   ,{"time":1495058555,"datum":"2017-05-18","zeit":"0:02:35","daten":{"software_version":"NRZ-2017-078",
 *     "sensordatavalues":[{"value_type":"SDS_P1","value":"6.96"}]}}
 *
 * `time` is seconds since 1970; `datum` and `zeit` are local and not read. A body by itself is taken too when it carries
 * `timestamp`. The body is read by the decoder of live pushes.
 */
export class PushLogParser implements ArchiveParser {
  readonly format = 'push-log';
  readonly #sources = new Map<string, ArchiveSource>();

  parse(text: string, from: number, to: number): ArchiveRow | RefusedRow {
    const start = text.charCodeAt(from) === COMMA ? from + 1 : from;
    const entry = parseFlat(text.slice(start, to));
    if (!isJsonObject(entry)) return refuseRow('unreadable', text.slice(from, Math.min(to, from + 60)));
    const body = isJsonObject(entry.daten) ? entry.daten : entry;
    const message = decodeAirrohr(Buffer.from(JSON.stringify(body)), { format: 'airrohr', deviceId: '' });
    if (isRejection(message)) return refuseRow(message.reason, message.detail);
    const measuredAt = typeof entry.time === 'number' ? Math.round(entry.time * 1000) : message.claimedAt;
    if (measuredAt === undefined || !Number.isSafeInteger(measuredAt))
      return refuseRow('time-unreadable', String(entry.time));
    return { source: this.#sourceOf(message.claimedDeviceId), measuredAt, message };
  }

  #sourceOf(chipId = ''): ArchiveSource {
    const known = this.#sources.get(chipId);
    if (known !== undefined) return known;
    const deviceId = /^\d+$/.test(chipId) ? `esp8266-${chipId}` : chipId;
    const source: ArchiveSource = { isIndoor: false, ...(deviceId !== '' && { deviceId }) };
    this.#sources.set(chipId, source);
    return source;
  }
}
