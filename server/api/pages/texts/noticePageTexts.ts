import type { Language } from '../../../domain/names.ts';

/** Texts of the pages that links in messages open, and of the form for area alerts. Numbers come in formatted. */
export interface NoticePageTexts {
  gone: { title: string; text: string };
  confirm: {
    title: string;
    station(name: string): string;
    watch(name: string): string;
    letters(name: string): string;
    button: string;
    done: { title: string; text: string };
  };
  unsubscribe: {
    title: string;
    contact(address: string, station: string): string;
    watch(address: string, name: string): string;
    letters(address: string, name: string): string;
    mute: string;
    remove: string;
    removeNote: string;
    end: string;
    endLetters: string;
    muted: { title: string; text: string };
    removed: { title: string; text: string };
    ended: Record<'watch' | 'letter', { title: string; text: string }>;
    /** The link of something that ended before. */
    already: { title: string; text: string };
    /** The way to the same alert with another value. */
    another: string;
  };
  recover: {
    title: string;
    text(name: string): string;
    button: string;
    done: { title: string; text(name: string): string };
  };
  handover: {
    title: string;
    intro(name: string): string;
    /** `metres`: how coarsely the public position is told. */
    points(metres: number): string[];
    accept: string;
    needsAccept: string;
    button: string;
    done: { title: string; text(name: string): string };
  };
  ownerLink: string;
  keepIt: string;
  alerts: AlertFormTexts;
}

/** The form "alert for this area". */
export interface AlertFormTexts {
  title: string;
  intro: string;
  noPlace: string;
  mailOff: string;
  around(name: string): string;
  aroundPlace: string;
  district(name: string): string;
  radius: string;
  update: string;
  now(parts: { stations: string; valid: string; median: string; mean: string }): string;
  /** `isCircle`: a larger radius can be chosen. */
  nowFew(parts: { stations: string; valid: string; isCircle: boolean }): string;
  quantity: string;
  average: string;
  averages: Record<'1h' | '24h', string>;
  above: string;
  aboveNote: string;
  quiet: string;
  address: string;
  send: string;
  privacy: string;
  wrong: Record<'address' | 'above' | 'too-often' | 'unavailable', string>;
  sent: { title: string; text(address: string): string };
}

const de: NoticePageTexts = {
  gone: {
    title: 'Dieser Link gilt nicht mehr',
    text: 'Er wurde schon benutzt, ist abgelaufen oder nicht vollständig. Wenn Sie ihn aus einer Nachricht kopiert haben: bis zum letzten Zeichen.',
  },
  confirm: {
    title: 'Adresse bestätigen',
    station: (name) => `Nachrichten zur Station „${name}“ dürfen an Ihre Adresse gehen.`,
    watch: (name) => `Der Feinstaub-Alarm (${name}) darf an Ihre Adresse gehen.`,
    letters: (name) => `Die Briefe zum Feinstaub (${name}) dürfen an Ihre Adresse gehen.`,
    button: 'Bestätigen',
    done: {
      title: 'Bestätigt',
      text: 'Ab jetzt schreiben wir Ihnen. Abbestellen können Sie jederzeit über den Link in einer dieser Nachrichten.',
    },
  },
  unsubscribe: {
    title: 'Nachrichten abbestellen',
    contact: (address, station) => `Nachrichten zur Station „${station}“ an ${address}.`,
    watch: (address, name) => `Feinstaub-Alarm (${name}) an ${address}.`,
    letters: (address, name) => `Briefe zum Feinstaub (${name}) an ${address}.`,
    mute: 'Keine Nachrichten mehr',
    remove: 'Adresse ganz löschen',
    removeNote:
      '„Keine Nachrichten mehr“ behält die Adresse, damit Sie einen verlorenen Stationslink ersetzen können. „Ganz löschen“ entfernt sie.',
    end: 'Alarm beenden und Adresse löschen',
    endLetters: 'Briefe abbestellen und Adresse löschen',
    muted: {
      title: 'Abbestellt',
      text: 'Zu dieser Station gehen keine Nachrichten mehr an Ihre Adresse. Auf der Seite der Station („Meine Station“) können Sie sie wieder einschalten.',
    },
    removed: {
      title: 'Gelöscht',
      text: 'Die Adresse ist bei dieser Station gelöscht. Zu ihr gehen keine Nachrichten mehr dorthin.',
    },
    ended: {
      watch: {
        title: 'Alarm beendet',
        text: 'Dieser Alarm meldet nichts mehr, und Ihre Adresse ist bei ihm gelöscht.',
      },
      letter: { title: 'Abbestellt', text: 'Diese Briefe kommen nicht mehr, und Ihre Adresse ist bei ihnen gelöscht.' },
    },
    already: { title: 'Schon abbestellt', text: 'Über diesen Link ist nichts mehr abzubestellen.' },
    another: 'Denselben Alarm mit einem anderen Wert anfordern',
  },
  recover: {
    title: 'Neuer Stationslink',
    text: (name) =>
      `Für die Station „${name}“ entsteht ein neuer Stationslink. Der bisherige gilt dann nicht mehr, auch nicht bei anderen, die ihn haben.`,
    button: 'Neuen Link erzeugen',
    done: {
      title: 'Ihr neuer Stationslink',
      text: (name) => `Damit betreuen Sie die Station „${name}“. Er wird nur jetzt gezeigt.`,
    },
  },
  handover: {
    title: 'Station übernehmen',
    intro: (name) => `Wer die Station „${name}“ betreibt, möchte sie Ihnen übergeben. Wenn Sie annehmen:`,
    points: (metres) => [
      'bekommen Sie einen neuen Stationslink, und der bisherige gilt nicht mehr;',
      'sehen Sie den genauen Ort und das Gerät der Station und können beides ändern;',
      'werden die Adressen und Alarme der bisherigen Betreiberin oder des bisherigen Betreibers gelöscht;',
      `bleiben die Messwerte mit Ort (auf etwa ${metres} m gerundet) und Name öffentlich. Was andere schon heruntergeladen oder zitiert haben, kann niemand zurückholen.`,
    ],
    accept: 'Ich übernehme die Station und bin mit der Veröffentlichung einverstanden, wie im Datenschutz beschrieben.',
    needsAccept: 'Bitte setzen Sie erst das Häkchen.',
    button: 'Station übernehmen',
    done: {
      title: 'Die Station gehört jetzt Ihnen',
      text: (name) => `Mit diesem Link betreuen Sie „${name}“. Er wird nur jetzt gezeigt.`,
    },
  },
  ownerLink: 'Stationslink öffnen',
  keepIt: 'Bewahren Sie den Link auf wie einen Schlüssel: Wer ihn hat, kann die Station ändern und löschen.',
  alerts: {
    title: 'Alarm für diese Gegend',
    intro:
      'Wir schreiben Ihnen, wenn der Median der Stationen einer Gegend über einen Wert steigt, und noch einmal, wenn er wieder deutlich darunter liegt. Eine einzelne Station löst nichts aus: Es braucht mindestens drei mit gültigem Mittel.',
    noPlace: 'Wählen Sie zuerst eine Gegend: Öffnen Sie auf der Karte eine Station und dort „Alarm für diese Gegend“.',
    mailOff: 'Diese Installation verschickt keine Mails. Deshalb gibt es hier keinen Alarm.',
    around: (name) => `Umkreis der Station „${name}“`,
    aroundPlace: 'Umkreis dieses Ortes',
    district: (name) => `Stadtteil ${name}`,
    radius: 'Umkreis',
    update: 'Ansehen',
    now: ({ stations, valid, median, mean }) =>
      `Hier zählen ${stations} Stationen, ${valid} davon mit gültigem Mittel. ${mean}, Median jetzt: ${median}.`,
    nowFew: ({ stations, valid, isCircle }) =>
      `${stations === '1' ? 'Hier zählt eine Station' : `Hier zählen ${stations} Stationen`}, ${valid} davon mit gültigem Mittel. Für einen Median braucht es drei${isCircle ? ': Im größeren Umkreis sind es vielleicht genug' : ''}.`,
    quantity: 'Feinstaub',
    average: 'Zeitraum',
    averages: { '1h': 'Mittel der letzten 60 Minuten', '24h': 'Mittel der letzten 24 Stunden' },
    above: 'Schreiben, wenn der Median darüber liegt (µg/m³)',
    aboveNote:
      'Zum Vergleich: Die WHO empfiehlt für PM2,5 höchstens 15 µg/m³ im Tagesmittel, an nicht mehr als 3 bis 4 Tagen im Jahr (2021).',
    quiet: 'Zwischen 22 und 7 Uhr nicht schreiben',
    address: 'Ihre E-Mail-Adresse',
    send: 'Alarm anfordern',
    privacy:
      'Die Adresse wird nur für diesen Alarm gespeichert und nach zwei Tagen gelöscht, wenn Sie sie nicht bestätigen. In jeder Nachricht steht ein Link zum Abbestellen.',
    wrong: {
      address: 'Das ist keine vollständige E-Mail-Adresse.',
      above: 'Bitte eine Zahl von 1 bis 1000.',
      'too-often': 'Von hier kamen gerade zu viele Anfragen. Bitte später noch einmal.',
      unavailable: 'Das geht gerade nicht. Bitte später noch einmal.',
    },
    sent: {
      title: 'Bitte bestätigen Sie Ihre Adresse',
      text: (address) =>
        `An ${address} ist eine Nachricht mit einem Link unterwegs. Erst wenn Sie dort bestätigen, beginnt der Alarm. Kommt nichts an: Stimmt die Adresse, und liegt die Nachricht vielleicht im Spamordner?`,
    },
  },
};

const en: NoticePageTexts = {
  gone: {
    title: 'This link is no longer valid',
    text: 'It has been used, has expired or is not complete. If you copied it from a message: up to its last character.',
  },
  confirm: {
    title: 'Confirm your address',
    station: (name) => `Messages about the station “${name}” may go to your address.`,
    watch: (name) => `The particulates alert (${name}) may go to your address.`,
    letters: (name) => `The letters on particulates (${name}) may go to your address.`,
    button: 'Confirm',
    done: {
      title: 'Confirmed',
      text: 'From now on we write to you. You can unsubscribe at any time by the link in one of these messages.',
    },
  },
  unsubscribe: {
    title: 'Unsubscribe',
    contact: (address, station) => `Messages about the station “${station}” to ${address}.`,
    watch: (address, name) => `Particulates alert (${name}) to ${address}.`,
    letters: (address, name) => `Letters on particulates (${name}) to ${address}.`,
    mute: 'No more messages',
    remove: 'Delete the address',
    removeNote:
      '“No more messages” keeps the address, so that you can replace a lost station link. “Delete” removes it.',
    end: 'End the alert and delete the address',
    endLetters: 'Unsubscribe and delete the address',
    muted: {
      title: 'Unsubscribed',
      text: 'No more messages about this station go to your address. On the station’s page (“My station”) you can turn them on again.',
    },
    removed: {
      title: 'Deleted',
      text: 'The address is deleted from this station. No more messages about it go there.',
    },
    ended: {
      watch: { title: 'Alert ended', text: 'This alert tells nothing any more, and your address is deleted from it.' },
      letter: { title: 'Unsubscribed', text: 'These letters come no more, and your address is deleted from them.' },
    },
    already: { title: 'Already unsubscribed', text: 'There is nothing left to unsubscribe from with this link.' },
    another: 'Request the same alert with another value',
  },
  recover: {
    title: 'New station link',
    text: (name) =>
      `A new station link is made for the station “${name}”. The present one then ends, also for others who have it.`,
    button: 'Make a new link',
    done: {
      title: 'Your new station link',
      text: (name) => `With it you look after the station “${name}”. It is shown only now.`,
    },
  },
  handover: {
    title: 'Take over a station',
    intro: (name) => `Whoever runs the station “${name}” wants to hand it over to you. If you accept:`,
    points: (metres) => [
      'you get a new station link, and the present one ends;',
      'you see the exact position and the device of the station and can change both;',
      'addresses and alerts of the present owner are deleted;',
      `readings stay public with the position (rounded to about ${metres} m) and the name. What others have downloaded or cited cannot be taken back.`,
    ],
    accept: 'I take the station over and agree to its publication as described under privacy.',
    needsAccept: 'Please tick the box first.',
    button: 'Take the station over',
    done: {
      title: 'The station is yours now',
      text: (name) => `With this link you look after “${name}”. It is shown only now.`,
    },
  },
  ownerLink: 'Open the station link',
  keepIt: 'Keep the link like a key: whoever has it can change and delete the station.',
  alerts: {
    title: 'Alert for this area',
    intro:
      'We write to you when the median of an area’s stations rises above a value, and once more when it is clearly below again. A single station triggers nothing: it takes at least three with a valid mean.',
    noPlace: 'Choose an area first: open a station on the map, and there “Alert for this area”.',
    mailOff: 'This installation sends no mail, so there are no alerts here.',
    around: (name) => `Around the station “${name}”`,
    aroundPlace: 'Around this place',
    district: (name) => `District ${name}`,
    radius: 'Radius',
    update: 'Look',
    now: ({ stations, valid, median, mean }) =>
      `${stations} stations count here, ${valid} of them with a valid mean. ${mean}, median now: ${median}.`,
    nowFew: ({ stations, valid, isCircle }) =>
      `${stations === '1' ? 'One station counts' : `${stations} stations count`} here, ${valid} of them with a valid mean. A median takes three${isCircle ? ': a larger radius may have enough' : ''}.`,
    quantity: 'Particulates',
    average: 'Period',
    averages: { '1h': 'Mean of the last 60 minutes', '24h': 'Mean of the last 24 hours' },
    above: 'Write when the median is above (µg/m³)',
    aboveNote:
      'For comparison: WHO recommends at most 15 µg/m³ of PM2.5 as a daily mean, exceeded on no more than 3 to 4 days a year (2021).',
    quiet: 'Do not write between 22:00 and 07:00',
    address: 'Your e-mail address',
    send: 'Request the alert',
    privacy:
      'The address is stored for this alert only and deleted after two days if you do not confirm it. Every message has a link to unsubscribe.',
    wrong: {
      address: 'This is no complete e-mail address.',
      above: 'Please give a number from 1 to 1000.',
      'too-often': 'Too many requests came from here just now. Please try again later.',
      unavailable: 'That does not work at the moment. Please try again later.',
    },
    sent: {
      title: 'Please confirm your address',
      text: (address) =>
        `A message with a link is on its way to ${address}. The alert begins only when you confirm there. If nothing arrives: is the address right, and is the message perhaps in the spam folder?`,
    },
  },
};

/** Texts of a language. */
export function noticePageTextsOf(language: Language): NoticePageTexts {
  return { de, en }[language];
}
