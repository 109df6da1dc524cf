import type { AdminTexts } from './adminTexts.ts';

/** German: what each refusal means to an operator, and what to do. */
export const refusedDe: AdminTexts['refused']['words'] = {
  unreadable: {
    name: 'unlesbar',
    meaning: 'Die Nachricht hat nicht den Aufbau ihres Formats.',
    help: 'Meist ist am Gerät ein Pfad oder Ziel vertauscht; der Gastgeber sieht es auf seiner Seite.',
  },
  'too-large': {
    name: 'zu groß',
    meaning: 'Über 16 KiB.',
    help: 'Das sendet keine Firmware. Kommt es oft, sehen Sie nach, wer sich mit diesem Zugang anmeldet.',
  },
  'too-deep': {
    name: 'zu tief verschachtelt',
    meaning: 'So verschachtelt schreibt keine Firmware.',
    help: 'Wie bei „zu groß“.',
  },
  'no-values': {
    name: 'ohne Messwert',
    meaning: 'Verstanden, aber nichts Gemessenes darin.',
    help: 'Meist liest das Gerät seinen Sensor nicht. Nichts zu tun, der Gastgeber wird darauf hingewiesen.',
  },
  'not-a-number': {
    name: 'keine Zahl',
    meaning: 'Text, wo eine Zahl stehen muss, etwa „nan“.',
    help: 'Der Sensor liefert gerade nichts. Häuft es sich, ist seine Verkabelung lose.',
  },
  'no-value-marker': {
    name: '„kein Wert“ des Geräts',
    meaning: 'Das Gerät sagt selbst, dass es nichts gemessen hat.',
    help: 'Nach dem Einschalten üblich.',
  },
  'out-of-bounds': {
    name: 'unmöglicher Wert',
    meaning: 'Größer als alles, was ein Gerät meinen kann.',
    help: 'Ein Übertragungsfehler oder ein defekter Sensor.',
  },
  'unknown-device': {
    name: 'unbekanntes Gerät',
    meaning: 'Ein Gerät meldet sich, das hier nicht angemeldet ist.',
    help: 'Der Gastgeber meldet es unter /host an; dort sieht er auch, wenn die Nummer falsch ist.',
  },
  'wrong-token': {
    name: 'falsches Token',
    meaning: 'Benutzer oder Passwort stimmen nicht.',
    help: 'Einzelne sind Tippfehler. Tausende von einer Stelle sind ein Versuch zu raten: Er kann nicht gelingen, die Drossel hält ihn auf.',
  },
  'wrong-identity': {
    name: 'falsche Kennung',
    meaning: 'Der Inhalt nennt ein anderes Gerät als das angemeldete.',
    help: 'Oft nach einem Gerätetausch. Der Gastgeber gibt die neue Nummer ein.',
  },
  'foreign-topic': {
    name: 'fremdes Thema',
    meaning: 'Unter einem MQTT-Thema gesendet, das diesem Gerät nicht gehört.',
    help: 'Tasmota und ESPHome senden auch Status und Erkennung: Das ist harmlos und wird verworfen.',
  },
  'wrong-path': {
    name: 'falscher Pfad',
    meaning: 'Ein Gerät mit richtigem Token sendet über HTTP an einen Pfad, den es hier nicht gibt.',
    help: 'Was es eintragen soll, liest der Gastgeber unter „Meine Station“.',
  },
  'unbound-device': {
    name: 'Gerät ohne Station',
    meaning: 'Das Gerät ist bekannt, steht aber an keiner Station.',
    help: 'Der Gastgeber erzeugt neue Zugangsdaten.',
  },
  retained: {
    name: 'aufbewahrte Nachricht',
    meaning: 'Mit „retain“ gesendet: nicht von einem alten Wert zu unterscheiden.',
    help: 'Am Gerät „retain“ ausschalten.',
  },
  qos2: { name: 'QoS 2', meaning: 'Angenommen werden QoS 0 und 1.', help: 'Am Gerät QoS 1 einstellen.' },
  'time-too-old': {
    name: 'Zeit zu alt',
    meaning: 'Die Zeitangabe liegt über 7 Tage zurück.',
    help: 'Die Uhr des Geräts ist nicht gestellt. Ältere Messwerte nimmt npx buergerluft import.',
  },
  'time-in-future': {
    name: 'Zeit in der Zukunft',
    meaning: 'Die Zeitangabe liegt über 2 Minuten voraus.',
    help: 'Betrifft es viele Geräte, geht die Uhr dieses Servers nach: npx buergerluft doctor.',
  },
  'time-unreadable': {
    name: 'Zeit unlesbar',
    meaning: 'Die Zeitangabe ist kein ISO 8601.',
    help: 'Am Gerät die Zeit weglassen: Dann zählt die Ankunft.',
  },
  conflict: {
    name: 'Widerspruch',
    meaning: 'Für diese Zeit ist schon ein anderer Wert gespeichert; der erste gilt.',
    help: 'Meist senden zwei Geräte mit einem Zugang.',
  },
  'station-deleted': {
    name: 'Station gelöscht',
    meaning: 'Das Gerät einer gelöschten Station sendet weiter.',
    help: 'Nichts zu tun, es wird nichts gespeichert.',
  },
  'too-often': {
    name: 'zu oft',
    meaning: 'Mehr, als RATE_LIMIT einem Gerät erlaubt.',
    help: 'Nach einem langen Ausfall üblich. Hält es an, ist das Messintervall am Gerät zu kurz.',
  },
};
