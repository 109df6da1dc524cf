import type { Language } from './names.ts';

/** What a deletion did, for whoever asked for it. Not kept by us. Times ISO 8601 UTC. */
export interface ErasureReceipt {
  kind: 'buergerluft-erasure-receipt';
  version: 1;
  instance: { name: string; contact: string };
  stationId: string;
  erasedAt: string;
  /** False while the store of readings does not answer: nothing is shown any more, and they go as soon as it does. */
  isComplete: boolean;
  removed: ErasedThings;
  /** The same in words, to be kept with the numbers. */
  text: Record<Language, string[]>;
}

/** What was deleted. null: not counted, because the store did not answer. */
export interface ErasedThings {
  devices: number;
  assignments: number;
  marks: number;
  annotations: number;
  readings: number | null;
  values: number | null;
  healthRows: number | null;
  firstMeasuredAt: string | null;
  lastMeasuredAt: string | null;
}

/** The receipt with its words. */
export function erasureReceipt(facts: Omit<ErasureReceipt, 'kind' | 'version' | 'text'>): ErasureReceipt {
  const { removed, isComplete } = facts;
  return {
    kind: 'buergerluft-erasure-receipt',
    version: 1,
    ...facts,
    text: { de: german(removed, isComplete), en: english(removed, isComplete) },
  };
}

function german({ devices }: ErasedThings, isComplete: boolean): string[] {
  return [
    isComplete
      ? 'Gelöscht sind der Eintrag der Station mit genauer Position, alle Messwerte und Gerätedaten, die daraus berechneten Mittel, markierte Zeiten, Kontakte und Schlüssel.'
      : 'Gelöscht sind der Eintrag der Station mit genauer Position, markierte Zeiten, Kontakte und Schlüssel. Der Speicher der Messwerte antwortet gerade nicht: Die Messwerte werden nicht mehr gezeigt und gelöscht, sobald er wieder antwortet.',
    'Karte, Schnittstellen und die Meldungen an andere Programme zeigen die Station nicht mehr.',
    devices === 0
      ? 'An der Station hing kein Gerät.'
      : 'Was das Gerät von nun an sendet, wird abgewiesen. Stellen Sie das Senden am Gerät ab, oder melden Sie es neu an.',
    'Sicherungen des Betreibers enthalten die Station noch, bis sie ablaufen. Wird eine zurückgespielt, wird die Station dabei erneut gelöscht.',
    'Nicht rückgängig zu machen: Kopien, die andere schon heruntergeladen haben, und Zahlen, die schon zitiert sind.',
    `Von der Löschung bleiben die zufällige Kennung der Station${devices === 0 ? '' : ', die Kennungen ihrer Geräte'} und der Zeitpunkt, damit nichts zurückkehrt. Diese Quittung selbst bewahren wir nicht auf.`,
  ];
}

function english({ devices }: ErasedThings, isComplete: boolean): string[] {
  return [
    isComplete
      ? 'Deleted: the station’s entry with its exact position, all readings and device data, the means computed from them, marked periods, contacts and keys.'
      : 'Deleted: the station’s entry with its exact position, marked periods, contacts and keys. The store of readings does not answer just now: the readings are no longer shown and will be deleted as soon as it does.',
    'Map, interfaces and messages to other programs no longer show the station.',
    devices === 0
      ? 'No device stood at the station.'
      : 'Whatever the device sends from now on is refused. Turn the sending off at the device, or register it anew.',
    'The operator’s backups still hold the station until they expire. When one is restored, the station is deleted again.',
    'What cannot be undone: copies that others have downloaded, and figures already cited.',
    `What stays of the deletion is the station’s random id${devices === 0 ? '' : ', the ids of its devices'} and the time, so that nothing comes back. We do not keep this receipt.`,
  ];
}
