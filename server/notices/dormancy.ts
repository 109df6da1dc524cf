import { DAY_MS } from '../domain/durations.ts';
import { type Language, LOCALES } from '../domain/names.ts';
import { type Position, publicPosition, type Station } from '../domain/station.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import type { Contacts } from './contacts.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { NoticeLinks } from './noticeLinks.ts';
import { drop, put } from './noticeRecords.ts';
import type { NoticeStore } from './noticeStore.ts';
import type { Outbox } from './outbox.ts';
import { stationRemoval } from './ownerLinks.ts';

/** Silence after which an owner's data is no longer needed, ms: 12 months. */
const DORMANT_AFTER_MS = 365 * DAY_MS;
/** Time between the notice and the deletion, ms. */
const DORMANT_NOTICE_MS = 30 * DAY_MS;

/** What the sweep needs. */
export interface DormancyParts {
  store: NoticeStore;
  outbox: Outbox;
  writer: MessageWriter;
  links: NoticeLinks;
  contacts: Contacts;
  stationStore: StationStore;
  readings: Pick<ReadingStore, 'seriesOf'>;
  /** As far as memory goes: spares a look into the store. Epoch ms. */
  lastHeardAt: (stationId: string) => number | undefined;
  timeZone: string;
}

/**
 * Stations silent for 12 months: their owners are told, and 30 days later addresses, settings and the exact position are
 * deleted; the public position takes its place, the readings stay. One message in between and nothing happens.
 * Resolves to what was done.
 */
export async function sweepDormant(parts: DormancyParts, now: number): Promise<{ told: number; deleted: number }> {
  const done = { told: 0, deleted: 0 };
  for (const station of parts.stationStore.stations()) {
    // Imported and mirrored stations have no owner here, and no position but the one their source publishes.
    if (station.source !== 'direct') continue;
    const heardAt = await heard(parts, station, now);
    if (heardAt > now - DORMANT_AFTER_MS) await wake(parts, station.id);
    else if (hasPrivateData(parts, station)) await sweep(parts, station, { now, heardAt, done });
  }
  return done;
}

async function sweep(
  parts: DormancyParts,
  station: Station,
  { now, heardAt, done }: { now: number; heardAt: number; done: { told: number; deleted: number } },
): Promise<void> {
  const toldAt = parts.store.get('diary', station.id)?.dormantToldAt;
  if (toldAt === undefined) {
    await tell(parts, station, { now, heardAt });
    done.told++;
  } else if (now - toldAt >= DORMANT_NOTICE_MS) {
    // The position first: should this be cut short, the addresses bring the sweep back here.
    await parts.stationStore.updateStation(station.id, withoutExactPlaces, { isCorrection: true });
    await parts.store.write(() => ({ answer: undefined, changes: stationRemoval(parts.store, station.id) }));
    done.deleted++;
  }
}

/** The newest sign of life: a message, the registration, an acceptance of terms, or a device bound. Epoch ms. */
async function heard({ lastHeardAt, stationStore, readings }: DormancyParts, station: Station, now: number) {
  const bound = stationStore.devicesOf(station.id).map(({ boundAt }) => boundAt);
  const known = Math.max(station.createdAt, station.consent?.acceptedAt ?? 0, lastHeardAt(station.id) ?? 0, ...bound);
  if (known > now - DORMANT_AFTER_MS) return known;
  const series = await readings.seriesOf(station.id);
  return Math.max(known, ...series.map(({ last }) => last));
}

async function wake({ store }: DormancyParts, stationId: string): Promise<void> {
  if (store.get('diary', stationId)?.dormantToldAt === undefined) return;
  await store.write(() => {
    const { dormantToldAt: _told, ...diary } = store.get('diary', stationId) ?? { id: stationId };
    return {
      answer: undefined,
      changes: [diary.monthlyFor === undefined ? drop('diary', stationId) : put('diary', diary)],
    };
  });
}

function hasPrivateData({ contacts }: DormancyParts, station: Station): boolean {
  const { position, formerPlaces = [] } = withoutExactPlaces(station);
  const isExact =
    !isSamePlace(station.position, position) ||
    formerPlaces.some((place, at) => !isSamePlace(place.position, station.formerPlaces?.[at]?.position));
  return isExact || contacts.of(station.id).length > 0;
}

/** Where the station stands and stood, as the public knows it: the exact places are gone for good. */
function withoutExactPlaces({ position, formerPlaces, positionGridMetres }: Station): StationPlaces {
  const shown = (place: Position) => publicPosition({ position: place, positionGridMetres });
  const former = formerPlaces?.map((place) => ({ ...place, position: shown(place.position) }));
  return { position: shown(position), ...(former && { formerPlaces: former }) };
}

type StationPlaces = Pick<Station, 'position'> & Pick<Partial<Station>, 'formerPlaces'>;

function isSamePlace(a: Position, b: Position | undefined): boolean {
  return b !== undefined && a.lat === b.lat && a.lon === b.lon;
}

/** Also to muted addresses: this is about the address itself. */
async function tell(
  parts: DormancyParts,
  station: Station,
  { now, heardAt }: { now: number; heardAt: number },
): Promise<void> {
  const { store, outbox, writer, links, contacts, timeZone } = parts;
  const readers = contacts
    .of(station.id)
    .filter(({ channel, confirmedAt }) => channel === 'mail' && confirmedAt !== undefined);
  const date = (language: Language, at: number) =>
    new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeZone }).format(at);
  const messages = readers.map((contact) => {
    const { language } = contact;
    const words = writer.speak(language).texts.dormant({
      station: station.name,
      lastSeen: `${{ de: 'am', en: 'on' }[language]} ${date(language, heardAt)}`,
      deletedOn: date(language, now + DORMANT_NOTICE_MS),
      link: links.page('/host'),
    });
    return writer.write({ to: contact, language, words, subject: { kind: 'contact', id: contact.id } });
  });
  await store.write(() => {
    const diary = store.get('diary', station.id) ?? { id: station.id };
    return { answer: undefined, changes: [...outbox.take(messages), put('diary', { ...diary, dormantToldAt: now })] };
  });
}
