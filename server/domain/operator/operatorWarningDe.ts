import { diskAmount, percent } from './diskWords.ts';
import type { WarningTexts } from './operatorWarning.ts';

/** What an operator is warned of, in German. */
export const WARNINGS_DE: WarningTexts = {
  ingest: {
    raised: ({ lastReadingAt }, { dateTime }) => ({
      title: 'Es kommen keine Messungen mehr an',
      text: `Seit ${dateTime(lastReadingAt)} wurde keine Messung mehr gespeichert. Davor kamen sie regelmäßig. Der Befehl prüft Broker, Speicher, Uhr und Netz und sagt, woran es liegt.`,
    }),
    over: 'Es kommen wieder Messungen an',
  },
  disk: {
    raised: ({ path, usedShare, freeBytes }) => ({
      title: `Der Datenträger ist zu ${percent(usedShare)} % voll`,
      text: `Unter ${path} sind noch ${diskAmount(freeBytes, 'de')} frei. Auf einem vollen Datenträger wird keine Messung mehr angenommen. Der Befehl zeigt, was dort Platz braucht; alte Sicherungen dürfen weg, Dateien in ${path} nicht.`,
    }),
    over: 'Auf dem Datenträger ist wieder Platz',
  },
  backup: {
    raised: ({ folder, madeAt }, { dateTime }) => {
      const age = madeAt === undefined ? 'Es gibt noch keine.' : `Die letzte ist vom ${dateTime(madeAt)}.`;
      return {
        title: madeAt === undefined ? 'Es gibt keine Sicherung' : 'Die Sicherung ist älter als 36 Stunden',
        text: `Jeden Tag soll eine in ${folder} entstehen. ${age} Der Befehl macht jetzt eine und sagt, was daran hindert.`,
      };
    },
    over: 'Es gibt wieder eine frische Sicherung',
  },
  certificate: {
    raised: ({ file, endsAt }, { date }) => ({
      title: `Das Zertifikat endet am ${date(endsAt)}`,
      text: `Danach warnen Browser vor dieser Website, und Geräte können nicht mehr senden. Es liegt in ${file}. Nach dem Erneuern den Server neu starten.`,
    }),
    over: 'Das Zertifikat ist erneuert',
  },
  'public-certificate': {
    raised: ({ host, endsAt }, { date }) => ({
      title: `Das Zertifikat von ${host} endet am ${date(endsAt)}`,
      text: 'Danach warnen Browser vor dieser Website. Ein Proxy davor erneuert es sonst von selbst, und sein Protokoll sagt, warum nicht. Ist die Datei in TLS_CERT schon erneuert, fehlt nur ein Neustart des Servers.',
    }),
    over: 'Das Zertifikat der Website ist erneuert',
  },
};
