import type { Finding } from '../../../server/domain/device/deviceHealth.ts';
import { textSpan, zwischen } from '../../../server/domain/textSpan.ts';
import { decibels } from './decibels.ts';
import { failureDe } from './failureDe.ts';
import type { FindingFormat, FindingTexts } from './findingTexts.ts';
import { refusalCure } from './refusalCure.ts';

const REASONS: Readonly<Record<string, string>> = {
  unreadable: 'nicht lesbar',
  'too-large': 'zu groß',
  'too-deep': 'zu tief verschachtelt',
  'no-values': 'ohne Messwert',
  'not-a-number': 'ein Wert war keine Zahl',
  'no-value-marker': 'der Sensor meldete „kein Wert“',
  'out-of-bounds': 'ein Wert war unmöglich groß',
  'wrong-token': 'falsches Token',
  'wrong-identity': 'die Meldung nannte ein anderes Gerät',
  'foreign-topic': 'falsches MQTT-Thema',
  'wrong-path': 'falscher Pfad',
  'time-too-old': 'Zeitangabe älter als sieben Tage',
  'time-in-future': 'Zeitangabe in der Zukunft',
  'time-unreadable': 'Zeitangabe nicht lesbar',
  conflict: 'zu dieser Zeit ist schon ein anderer Wert gespeichert',
  'too-often': 'zu oft gesendet',
};

const NO_DATA = 'Dazu liegt noch zu wenig vor.';

/** German. */
export const findingDe: FindingTexts = {
  title: {
    push: 'Letzte Meldung',
    gaps: 'Lücken',
    wifi: 'WLAN',
    firmware: 'Firmware',
    rejections: 'Abgewiesenes',
    fan: 'Lüfter und Einlass',
    stuck: 'Hängender Wert',
    saturated: 'Anschlag des Sensors',
    inverted: 'PM2,5 über PM10',
    humidity: 'Feuchtesensor',
    drift: 'Vergleich mit Nachbarn',
  },
  evidence,
  cure,
  reason: (word) => REASONS[word] ?? word,
  minutes: (count) => (count === 0 ? 'weniger als 1 Minute' : count === 1 ? '1 Minute' : `${count} Minuten`),
  hours: (text) => `${text} Stunden`,
  days: (text) => `${text} Tage`,
};

function evidence(finding: Finding, format: FindingFormat): string {
  const { number, duration, dateTime, percent } = format;
  switch (finding.id) {
    case 'push':
      if (finding.agoMs === undefined) return 'Von diesem Gerät kam noch nichts.';
      return `Vor ${dativ(duration(finding.agoMs))}. Erwartet wird eine Meldung etwa alle ${number(finding.cadenceMs / 1000, 0)} Sekunden.`;
    case 'gaps': {
      if (finding.count === 0) return 'In den letzten 24 Stunden kam kein Messwert.';
      const share = `${number(finding.count, 0)} von ${number(finding.expected, 0)} erwarteten Messungen der letzten 24 Stunden (${percent(finding.coverage)})`;
      if (finding.state === 'unknown') return `${share}. Für ein Urteil ist es noch zu früh.`;
      if (finding.longestMs === undefined || finding.longestFrom === undefined) return `${share}, ohne Lücke.`;
      const count = finding.gaps === 1 ? 'Eine Lücke' : `${finding.gaps} Lücken, die längste`;
      return `${share}. ${count} von ${dativ(duration(finding.longestMs))} ab ${dateTime(finding.longestFrom)} Uhr.`;
    }
    case 'wifi':
      if (finding.median === undefined || finding.weakest === undefined) return 'Das Gerät meldet keine Signalstärke.';
      return `Im Mittel ${decibels(format, finding.median)}, am schwächsten ${decibels(format, finding.weakest)} (${meldungen(finding.count, format)}). Ab etwa −78 dBm reißt die Verbindung öfter ab.`;
    case 'firmware':
      if (finding.version === undefined) return 'Das Gerät nennt keine Version.';
      if (finding.state === 'unknown') return `${finding.version}. Wie aktuell diese Firmware ist, wissen wir nicht.`;
      return finding.state === 'good'
        ? `${finding.version}, aktuell.`
        : `${finding.version}; neu ist ${finding.newest}.`;
    case 'rejections': {
      if (finding.state === 'unknown') return 'Von diesem Gerät kam noch nichts.';
      if (finding.total === 0)
        return 'Nichts wurde abgewiesen, soweit der Server sich erinnert (24 Stunden, höchstens seit seinem Start).';
      const parts = finding.byReason.map(
        ({ reason, count, lastAt }) => `${count}-mal ${findingDe.reason(reason)}, zuletzt ${dateTime(lastAt)} Uhr`,
      );
      return `In den letzten 24 Stunden: ${parts.join('; ')}.${finding.isTokenRight ? ' Das Token stimmt inzwischen: Seitdem kamen Messungen an.' : ''}`;
    }
    case 'fan': {
      if (finding.highest === undefined) return NO_DATA;
      const own = `95 % der Werte lagen bei höchstens ${format.value('pm25', finding.highest)}`;
      if (finding.state === 'good') return `${own}: Der Sensor bekommt Luft.`;
      return finding.neighbours === undefined
        ? `${own}.`
        : `${own}, bei den Nachbarn in der Mitte ${format.value('pm25', finding.neighbours)}.`;
    }
    case 'stuck':
      if (finding.state === 'unknown') return NO_DATA;
      if (finding.value === undefined || finding.since === undefined) return 'Die Werte bewegen sich.';
      return `${finding.readings} Messungen lang genau ${number(finding.value, 1)} (${finding.sensor}), seit ${dateTime(finding.since)} Uhr${finding.state === 'notice' ? ', inzwischen vorbei' : ''}.`;
    case 'saturated':
      if (finding.state === 'unknown') return NO_DATA;
      if (finding.lastAt === undefined || finding.value === undefined) return 'Der Sensor war nicht am Anschlag.';
      return `${finding.count}-mal in 24 Stunden, zuletzt ${dateTime(finding.lastAt)} Uhr mit ${number(finding.value, 1)} µg/m³. Solche Werte zählen in keinem Mittel.`;
    case 'inverted':
      if (finding.readings === 0) return NO_DATA;
      return `Bei ${percent(finding.share)} von ${messungen(finding.readings, format)}. PM2,5 ist ein Teil von PM10 und kann nicht darüber liegen.`;
    case 'humidity':
      if (finding.lowest === undefined || finding.highest === undefined) return 'Es kommt keine Luftfeuchte.';
      return `In zwei Tagen ${zwischen(textSpan(number(finding.lowest, 1), number(finding.highest, 1), ' %'))} (${finding.sensor}), ${spruenge(finding.flips ?? 0)} von mehr als 30 Punkten zwischen zwei Messungen.`;
    case 'drift': {
      if (finding.ratio === undefined || finding.own === undefined || finding.others === undefined) {
        return `Noch kein Urteil: ${finding.hours === 1 ? 'eine gemeinsame Stunde' : `${number(finding.hours, 0)} gemeinsame Stunden`}, ${finding.neighbours === 1 ? 'ein Nachbar' : `${finding.neighbours} Nachbarn`} im Umkreis von 5 km. Gebraucht werden 72 Stunden und drei Nachbarn.`;
      }
      return `Ihr Sensor zeigt das ${number(finding.ratio, 2)}-Fache der Nachbarn: ${format.value('pm25', finding.own)} gegen ${format.value('pm25', finding.others)} (Mitte von ${number(finding.hours, 0)} Stunden, ${finding.neighbours} Nachbarn).`;
    }
  }
}

function cure(finding: Finding): string | undefined {
  if (finding.state === 'good' || finding.state === 'unknown') {
    return finding.id === 'push' && finding.state === 'unknown'
      ? 'Prüfen Sie, ob am Gerät Adresse, Gerätekennung und Token so eingetragen sind wie hier unter „Gerät“.'
      : undefined;
  }
  switch (finding.id) {
    case 'push':
      return 'Steckt das Netzteil, ist das Gerät im WLAN? Öffnen Sie die Seite des Geräts; wenn sie nicht erscheint, ziehen Sie den Stecker und stecken ihn nach zehn Sekunden wieder ein.';
    case 'gaps':
      return 'Häufigste Ursache ist schwaches WLAN, danach ein schwaches Netzteil oder Kabel.';
    case 'wifi':
      return 'Rücken Sie das Gerät näher an den Router, oder stellen Sie einen WLAN-Verstärker dazwischen.';
    case 'firmware':
      return 'Setzen Sie in der Konfiguration des Geräts den Haken „Automatisch aktualisieren“; die neue Version kommt binnen eines Tages.';
    case 'rejections':
      return (
        refusalCure(finding, failureDe) ??
        'Stimmen Gerätekennung und Token am Gerät mit denen hier überein? Unter „Gerät“ bekommen Sie ein neues Token.'
      );
    case 'fan':
      return 'Schauen Sie nach Spinnweben, Insekten und Staub im Schlauch und am Einlass, und ob der Lüfter zu hören ist.';
    case 'stuck':
      return finding.state === 'problem'
        ? 'Ziehen Sie den Stecker und stecken Sie ihn nach zehn Sekunden wieder ein. Hilft das nicht, ist der Sensor am Ende.'
        : undefined;
    case 'saturated':
      return 'Meist sitzt ein Insekt oder ein Fussel in der Messkammer: Schlauch abziehen, vorsichtig ausblasen. Auch ein schwaches Netzteil kann es sein.';
    case 'inverted':
      return 'Liegt es fast immer darüber, sind die beiden beim Einrichten vertauscht worden: in ESPHome oder im eigenen Programm nachsehen. Sonst ist der Sensor verschmutzt oder alt: reinigen, sonst ersetzen.';
    case 'humidity':
      return 'Der Feuchtesensor ist nass geworden oder am Ende. Feinstaub misst das Gerät weiter; ohne brauchbare Feuchte fehlt nur der Hinweis auf feuchte Luft.';
    case 'drift':
      return 'Hängt der Sensor an einer besonderen Stelle (Grill, Ofen, Abluft)? Sonst reinigen; nach drei bis vier Jahren ist ein SDS011 meist verbraucht.';
  }
}

/** „2 Tage“ -> „2 Tagen“. */
function dativ(duration: string): string {
  return duration.endsWith('Tage') ? `${duration}n` : duration;
}

function meldungen(count: number, { number }: FindingFormat): string {
  return count === 1 ? 'eine Meldung' : `${number(count, 0)} Meldungen`;
}

/** After "von". */
function messungen(count: number, { number }: FindingFormat): string {
  return count === 1 ? 'einer Messung' : `${number(count, 0)} Messungen`;
}

function spruenge(count: number): string {
  return count === 0 ? 'kein Sprung' : count === 1 ? 'ein Sprung' : `${count} Sprünge`;
}
