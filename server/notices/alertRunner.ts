import {
  type AlertEvent,
  type AlertState,
  CALM,
  meanVerdict,
  stepAlert,
  type Verdict,
} from '../domain/alerts/alertRule.ts';
import {
  type AlertSettings,
  DEFAULT_ALERTS,
  type MeanThreshold,
  rulesOf,
  type StationRule,
} from '../domain/alerts/alertSettings.ts';
import { isQuiet } from '../domain/alerts/quietHours.ts';
import { isPublic, type Station } from '../domain/station.ts';
import type { AreaView } from './areaView.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { NoticeLinks } from './noticeLinks.ts';
import { type AreaWatch, type Change, type Contact, drop, type Message, put } from './noticeRecords.ts';
import type { NoticeStore } from './noticeStore.ts';
import type { Outbox } from './outbox.ts';
import { isOutage, judgeStation, type StationSenses, TIMINGS } from './stationVerdicts.ts';
import { type AlertFacts, thresholdWords, type Words } from './texts/noticeTexts.ts';

/** What the alerts need. */
export interface AlertRunnerParts {
  store: NoticeStore;
  outbox: Outbox;
  writer: MessageWriter;
  links: NoticeLinks;
  station: (stationId: string) => Station | undefined;
  stations: () => readonly Station[];
  senses: StationSenses;
  areas: AreaView;
  timeZone: string;
}

/** One event, and what it rests on. */
interface Happening {
  event: AlertEvent;
  since: number;
  /** When it was looked at, epoch ms. */
  at: number;
  value?: number | undefined;
}

/** Looks at every alert and puts what there is to tell into the outbox, in one write with the alerts' states. */
export class AlertRunner {
  readonly #parts: AlertRunnerParts;

  constructor(parts: AlertRunnerParts) {
    this.#parts = parts;
  }

  /** One look at everything at `now`, epoch ms. Resolves to the number of messages that came of it. */
  async look(now: number): Promise<number> {
    const { store, outbox } = this.#parts;
    return store.write(() => {
      const changes: Change[] = [];
      const messages: Message[] = [];
      this.#lookAtStations(now, changes, messages);
      for (const watch of store.all('watch')) this.#lookAtArea(watch, now, { changes, messages });
      return { answer: messages.length, changes: [...changes, ...outbox.take(messages)] };
    });
  }

  #lookAtStations(now: number, changes: Change[], messages: Message[]): void {
    const { store, senses, stations } = this.#parts;
    const listenersByStation = new Map<string, Contact[]>();
    for (const contact of store.all('contact')) {
      if (contact.confirmedAt === undefined || contact.isMuted) continue;
      listenersByStation.set(contact.stationId, [...(listenersByStation.get(contact.stationId) ?? []), contact]);
    }
    if (listenersByStation.size === 0) return;
    const ids = stations().map(({ id }) => id);
    const context = { senses, now, isOutage: isOutage(ids, senses, now) };
    for (const [stationId, listeners] of listenersByStation) {
      const station = this.#parts.station(stationId);
      if (station) this.#lookAtStation(station, listeners, { ...context, changes, messages });
    }
  }

  #lookAtStation(
    station: Station,
    listeners: readonly Contact[],
    {
      changes,
      messages,
      ...context
    }: { senses: StationSenses; now: number; isOutage: boolean; changes: Change[]; messages: Message[] },
  ): void {
    const settings = alertSettingsOf(this.#parts.store, station.id);
    const mayTell = !isQuiet(settings.quietHours, context.now, this.#parts.timeZone);
    for (const [name, rule] of rulesOf(settings)) {
      const { verdict, value } = judgeStation(station.id, rule, context);
      const look = { verdict, now: context.now, mayTell };
      const event = this.#step(`${station.id}/${name}`, look, TIMINGS[rule.kind], changes);
      if (event === undefined) continue;
      for (const contact of listeners)
        messages.push(this.#stationMessage(contact, station, { rule, name, ...event, at: context.now, value }));
    }
  }

  #lookAtArea(watch: AreaWatch, now: number, { changes, messages }: { changes: Change[]; messages: Message[] }): void {
    if (watch.confirmedAt === undefined) return;
    const { areas, timeZone } = this.#parts;
    const { median, count } = areas.statistics(watch.area, watch.threshold, now);
    const verdict: Verdict = meanVerdict(median, watch.threshold.value);
    const look = { verdict, now, mayTell: !isQuiet(watch.quietHours, now, timeZone) };
    const event = this.#step(`watch/${watch.id}`, look, TIMINGS.area, changes);
    if (event === undefined) return;
    messages.push(this.#areaMessage(watch, { ...event, at: now, value: median, count }));
    const { joinedInto, ...rest } = watch;
    if (joinedInto !== undefined) changes.push(put('watch', rest));
  }

  #step(
    id: string,
    look: Parameters<typeof stepAlert>[1],
    timing: Parameters<typeof stepAlert>[2],
    changes: Change[],
  ): Pick<Happening, 'event' | 'since'> | undefined {
    const former: AlertState = this.#parts.store.get('alert', id)?.state ?? CALM;
    const { state, event } = stepAlert(former, look, timing);
    if (state !== former) changes.push(put('alert', { id, state }));
    return event && { event, since: state.since ?? look.now };
  }

  #stationMessage(
    contact: Contact,
    station: Station,
    { rule, name, event, since, at, value }: Happening & { rule: StationRule; name: string },
  ): Message {
    const { writer, links, senses } = this.#parts;
    const { texts, times } = writer.speak(contact.language);
    const link = links.page(isPublic(station) ? `/station/${station.id}` : '/host');
    const facts: AlertFacts = {
      ...{ name: station.name, link, event },
      ...{ since: times.dateTime(since), at: times.dateTime(at) },
    };
    const words = (): Words => {
      switch (rule.kind) {
        case 'silent':
          return texts.silent({ ...facts, lastSeen: times.dateTime(senses.lastHeardAt(station.id) ?? since) });
        case 'stuck':
          return texts.stuck(facts);
        case 'above':
          return texts.above({ ...facts, ...this.#means(contact, rule.threshold, value) });
      }
    };
    const data = {
      type: 'alert',
      rule: name,
      event,
      since: new Date(since).toISOString(),
      station: { id: station.id, name: station.name },
    };
    return writer.write({
      to: contact,
      language: contact.language,
      words: words(),
      subject: { kind: 'contact', id: contact.id },
      canUnsubscribe: true,
      data: value === undefined ? data : { ...data, value, unit: 'µg/m³' },
    });
  }

  #areaMessage(watch: AreaWatch, { event, since, at, value, count }: Happening & { count: number }): Message {
    const { writer, links } = this.#parts;
    const { texts, times } = writer.speak(watch.language);
    const { joinedInto } = watch;
    const joined = (into: string) => texts.stationJoined(links.page(`/station/${into}`));
    const words = texts.areaAbove({
      ...{ name: watch.areaName, link: links.area(watch.area), event, stations: count },
      ...{ since: times.dateTime(since), at: times.dateTime(at) },
      ...this.#means(watch, watch.threshold, value),
    });
    return writer.write({
      to: { channel: 'mail', address: watch.address },
      language: watch.language,
      words: joinedInto === undefined ? words : { ...words, text: `${words.text}\n\n${joined(joinedInto)}` },
      subject: { kind: 'watch', id: watch.id },
      canUnsubscribe: true,
    });
  }

  #means({ language }: Pick<Contact, 'language'>, threshold: MeanThreshold, value: number | undefined) {
    const { texts, format } = this.#parts.writer.speak(language);
    const told = value === undefined ? '–' : format.value(threshold.quantity, value);
    return { ...thresholdWords(texts, format, threshold), value: told };
  }
}

/** What a station's owner wants to be told; the defaults until they said so. */
export function alertSettingsOf(store: NoticeStore, stationId: string): AlertSettings {
  return store.get('alerts', stationId)?.settings ?? DEFAULT_ALERTS;
}

/** Changes that forget alerts a station's settings no longer ask for. */
export function forgottenAlerts(store: NoticeStore, stationId: string, names: ReadonlySet<string>): Change[] {
  const kept = store.all('alert').filter(({ id }) => id.startsWith(`${stationId}/`));
  return kept.filter(({ id }) => !names.has(id.slice(stationId.length + 1))).map(({ id }) => drop('alert', id));
}
