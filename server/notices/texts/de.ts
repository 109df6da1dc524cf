import type { NoticeTexts } from './noticeTexts.ts';

/** German: how the program writes to people. */
export const de: NoticeTexts = {
  quantity: { pm25: 'PM2,5', pm10: 'PM10' },
  average: { '1h': 'Mittel der letzten 60 Minuten', '24h': 'Mittel der letzten 24 Stunden' },
  confirmContact: ({ instance, station, link }) => ({
    title: `Bitte bestätigen: Nachrichten zur Station „${station}“`,
    text: `Jemand möchte, dass ${instance} Nachrichten zur Station „${station}“ an diese Adresse schickt: wenn sie verstummt oder ihr Sensor hängt, und was sonst noch dafür eingestellt wird. Auch ein verlorener Stationslink lässt sich dann über diese Adresse ersetzen.

Waren Sie das? Dann bestätigen Sie hier (gilt zwei Tage):
${link}

Wenn nicht, brauchen Sie nichts zu tun: Ohne Bestätigung schicken wir nichts mehr.`,
  }),
  confirmWatch: ({ instance, name, quantity, average, limit, link, quiet }) => ({
    title: `Bitte bestätigen: Feinstaub-Alarm, ${name}`,
    text: `Jemand möchte, dass ${instance} dieser Adresse schreibt, wenn der Feinstaub in einer Gegend über einen Wert steigt:

Gegend: ${name}
Gemessen wird: ${quantity}, ${average}, Median der Stationen
Nachricht: über ${limit}, und noch eine, wenn es vorbei ist
Uhrzeit: ${quiet === null ? 'jederzeit, auch nachts' : `nicht von ${quiet.from} bis ${quiet.to} Uhr, sondern danach`}

Waren Sie das? Dann bestätigen Sie hier (gilt zwei Tage):
${link}

Wenn nicht, brauchen Sie nichts zu tun: Ohne Bestätigung schicken wir nichts mehr.`,
  }),
  ntfyCode: ({ instance, station, code }) => ({
    title: `Code: ${code}`,
    text: `${code} ist der Code, mit dem Sie Nachrichten von ${instance} zur Station „${station}“ auf diesem Kanal bestätigen. Er gilt eine Stunde.`,
  }),
  recover: ({ instance, stations }) => ({
    title: stations.length === 1 ? `Neuer Stationslink für „${stations[0]?.name}“` : 'Neue Stationslinks',
    text: `Bei ${instance} wurde für diese Adresse ein neuer Stationslink angefordert.

${stations.map(({ name, link }) => `„${name}“:\n${link}`).join('\n\n')}

Der Link gilt 24 Stunden und einmal. Erst wenn Sie auf der Seite bestätigen, entsteht ein neuer Stationslink, und der alte gilt nicht mehr. Wenn Sie nichts angefordert haben, lassen Sie diese Nachricht unbeachtet: Es ändert sich nichts.`,
  }),
  handover: ({ instance, station, link }) => ({
    title: `Station „${station}“ übernehmen?`,
    text: `Wer die Station „${station}“ bei ${instance} betreibt, möchte sie Ihnen übergeben.

Hier steht, was das heißt, und hier können Sie annehmen (gilt sieben Tage):
${link}

Wenn Sie nicht wollen, brauchen Sie nichts zu tun.`,
  }),
  linkReplaced: ({ instance, station, date, time, page, contact }) => ({
    title: `Stationslink ersetzt: „${station}“`,
    text: `Für die Station „${station}“ bei ${instance} wurde am ${date} um ${time} ein neuer Stationslink gemacht. Der frühere gilt nicht mehr.

Waren Sie das? Dann brauchen Sie nichts zu tun.

Wenn nicht, fordern Sie gleich selbst einen neuen Stationslink an (er kommt per Mail an diese Adresse) und sagen Sie es ${contact ?? 'dem Betreiber'}:
${page}`,
  }),
  handedOver: ({ instance, station, date, time, contact }) => ({
    title: `Station übergeben: „${station}“`,
    text: `Die Übergabe der Station „${station}“ bei ${instance} wurde am ${date} um ${time} angenommen. Ihr Stationslink gilt nicht mehr, und diese Adresse ist für die Station nicht mehr gespeichert.

Wollten Sie das so? Dann brauchen Sie nichts zu tun.

Wenn nicht, wenden Sie sich bitte gleich an ${contact ?? 'den Betreiber'}: Einen neuen Stationslink gibt es über diese Adresse nicht mehr.`,
  }),
  addressRemoved: ({ instance, station, date, time, contact }) => ({
    title: `Adresse entfernt: „${station}“`,
    text: `Diese Adresse wurde am ${date} um ${time} Uhr bei der Station „${station}“ (${instance}) entfernt. Zu dieser Station kommen hier keine Nachrichten mehr an, und ein verlorener Stationslink lässt sich über diese Adresse nicht mehr ersetzen.

War das so gewollt? Dann brauchen Sie nichts zu tun.

Wenn nicht, hat vermutlich jemand anderes den Stationslink: Wenden Sie sich bitte gleich an ${contact ?? 'den Betreiber'}.`,
  }),
  stationDeleted: ({ instance, station, date, time, contact }) => ({
    title: `Station gelöscht: „${station}“`,
    text: `Die Station „${station}“ bei ${instance} wurde am ${date} um ${time} Uhr gelöscht, mit ihren Messwerten und mit dieser Adresse. Das ist die letzte Nachricht zu ihr.

War das so gewollt? Dann brauchen Sie nichts zu tun.

Wenn nicht, wenden Sie sich bitte gleich an ${contact ?? 'den Betreiber'}.`,
  }),
  silent: ({ name, link, event, since, lastSeen }) =>
    event === 'raised'
      ? {
          title: `„${name}“ meldet sich nicht`,
          text: `Von der Station „${name}“ kam seit ${lastSeen} keine Messung mehr.

Häufige Gründe: Netzteil gezogen, WLAN oder Router neu, Gerät abgestürzt. Oft hilft es, das Gerät kurz vom Strom zu nehmen.

${link}`,
        }
      : {
          title: `„${name}“ meldet sich wieder`,
          text: `Von der Station „${name}“ kommen seit ${since} wieder Messungen.

${link}`,
        },
  stuck: ({ name, link, event, since }) =>
    event === 'raised'
      ? {
          title: `„${name}“ zeigt seit Stunden denselben Wert`,
          text: `Der Feinstaubsensor der Station „${name}“ wiederholt seit Stunden denselben Wert (bemerkt ${since}). So misst kein Sensor: Meist ist der Lüfter blockiert oder der Sensor defekt. Diese Werte zählen in keinem Mittel.

${link}`,
        }
      : event === 'cleared'
        ? {
            title: `„${name}“ misst wieder`,
            text: `Der Feinstaubsensor der Station „${name}“ zeigt seit ${since} wieder wechselnde Werte.

${link}`,
          }
        : {
            title: `„${name}“: nicht mehr zu beurteilen`,
            text: `Ob der Feinstaubsensor der Station „${name}“ noch hängt, lässt sich nicht mehr sagen: Es kommen keine Werte. Das ist keine Entwarnung.

${link}`,
          },
  above: ({ name, link, event, since, at, quantity, average, value, limit }) =>
    event === 'raised'
      ? {
          title: `„${name}“: ${quantity} über ${limit}`,
          text: `An der Station „${name}“ liegt ${quantity} im ${average} bei ${value} (Stand ${at}). Das ist mehr als der Wert, den Sie gewählt haben (${limit}).

Eine einzelne Station kann irren oder neben einer Quelle stehen, etwa einem Ofen oder Grill. Ein Blick auf die Nachbarn hilft.

${link}

Bürgermessung, kein amtlicher Messwert.`,
        }
      : event === 'cleared'
        ? {
            title: `„${name}“: ${quantity} wieder unter ${limit}`,
            text: `Entwarnung. An der Station „${name}“ liegt ${quantity} im ${average} bei ${value} (Stand ${at}), seit ${since} deutlich unter dem Wert, den Sie gewählt haben (${limit}).

${link}

Bürgermessung, kein amtlicher Messwert.`,
          }
        : {
            title: `„${name}“: keine gültigen Werte mehr`,
            text: `Von der Station „${name}“ kommen keine gültigen Mittelwerte mehr (Stand ${at}). Ob sie noch über ${limit} liegen, lässt sich nicht sagen. Das ist keine Entwarnung.

${link}`,
          },
  stationJoined: (link) =>
    `Eine Ihrer Stationen hat eine neue Adresse: Sie sendet jetzt selbst hierher. Ihr Alarm gilt weiter.
${link}`,
  watchEnded: ({ name, link }) => ({
    title: `Feinstaub-Alarm, ${name}: zu wenige Stationen`,
    text: `Zwei der Stationen, die Sie gewählt haben (${name}), sind dasselbe Gerät und zählen nun als eine:

${link}

Damit sind es weniger als drei, und einen Median gibt es erst ab drei Stationen: Dieser Alarm meldet nichts mehr. Wählen Sie auf der Karte weitere Stationen oder ein Gebiet, wenn Sie weiter Bescheid bekommen möchten.`,
  }),
  areaAbove: ({ name, link, event, since, at, quantity, average, value, limit, stations }) =>
    event === 'raised'
      ? {
          title: `Feinstaub, ${name}: über ${limit}`,
          text: `${name}: ${quantity} liegt im ${average} bei ${value}, Median von ${stations} Stationen (Stand ${at}). Das ist mehr als der Wert, den Sie gewählt haben (${limit}).

${link}

Nur Feinstaub. Bürgermessung, kein amtlicher Messwert.`,
        }
      : event === 'cleared'
        ? {
            title: `Feinstaub, ${name}: wieder unter ${limit}`,
            text: `Entwarnung. ${name}: ${quantity} liegt im ${average} bei ${value}, Median von ${stations} Stationen (Stand ${at}), seit ${since} deutlich unter dem Wert, den Sie gewählt haben (${limit}).

${link}

Nur Feinstaub. Bürgermessung, kein amtlicher Messwert.`,
          }
        : {
            title: `Feinstaub, ${name}: nicht mehr zu beurteilen`,
            text: `Für diese Gegend (${name}) gibt es weniger als drei Stationen mit gültigem Mittel (Stand ${at}). Ob die Werte noch über ${limit} liegen, lässt sich nicht sagen. Das ist keine Entwarnung.

${link}`,
          },
  monthly: ({ name, link, month, mean, highestDay, highestMean, validDays, days, dayBegins, ownerPage }) => ({
    title: `Ihre Station „${name}“ im ${month}`,
    text: `${
      mean === undefined
        ? `Für den ${month} gibt es kein Monatsmittel: ${validDays === 0 ? `Keiner der ${days} Tage hat` : `Nur ${validDays} von ${days} Tagen ${validDays === 1 ? 'hat' : 'haben'}`} genug Messungen.`
        : `PM2,5, Mittel der gültigen Tage im ${month}: ${mean} (${validDays} von ${days} Tagen gültig).`
    }${highestDay === undefined ? '' : `\nHöchstes Tagesmittel: ${highestMean} (${highestDay}).`}

Tage sind Kalendertage nach ${dayBegins}, gültig ab 18 gültigen Stunden. Rohe Werte, unkorrigiert; Stunden mit hängendem Sensor zählen nicht.

Die Station: ${link}
Einstellungen (mit Ihrem Stationslink): ${ownerPage}

Bürgermessung, kein amtlicher Messwert.`,
  }),
  refused: ({ station, reason, link }) => ({
    title: `„${station}“ ist nicht freigegeben`,
    text: `Der Betreiber hat Ihre Station „${station}“ nicht freigegeben.

${reason}

Ändern können Sie Ihre Angaben mit Ihrem Stationslink hier: ${link}
Stimmen sie dann, kann der Betreiber die Station noch freigeben. Sonst wird sie nach 30 Tagen mit allem Gespeicherten gelöscht.`,
  }),
  approved: ({ station, link }) => ({
    title: `„${station}“ ist freigegeben`,
    text: `Der Betreiber hat die Station „${station}“ freigegeben. Sie ist jetzt öffentlich, mit allem, was sie seit der Anmeldung gemessen hat:
${link}`,
  }),
  dormant: ({ station, lastSeen, deletedOn, link }) => ({
    title: `„${station}“ schweigt seit einem Jahr: Daten werden gelöscht`,
    text: `Die Station „${station}“ hat sich zuletzt ${lastSeen} gemeldet, also seit mehr als 12 Monaten nicht.

Am ${deletedOn} löschen wir deshalb diese Adresse und den genauen Ort der Station. Es bleibt der öffentliche, gerundete Ort; die bisherigen Messwerte bleiben erhalten. Ohne Adresse können wir Ihnen keinen neuen Stationslink mehr schicken.

Wenn Sie weiter messen wollen: Eine Messung bis dahin genügt, und alles bleibt, wie es ist. Wenn Sie die Station ganz löschen wollen, geht das auf Ihrer Seite mit dem Stationslink.

${link}`,
  }),
  circle: ({ radius, station }) => `${radius} um „${station}“`,
  circleAt: ({ radius }) => `Umkreis von ${radius}`,
  stationsChosen: (count) => `${count} ausgewählte Stationen`,
  footer: ({ instance, home, unsubscribe, contact }) =>
    [
      '-- ',
      `${instance} · ${home}`,
      ...(contact ? [`Fragen: ${contact}`] : []),
      ...(unsubscribe ? [`Abbestellen: ${unsubscribe}`] : []),
    ].join('\n'),
};
