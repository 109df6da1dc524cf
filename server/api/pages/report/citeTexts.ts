/** Texts of a citation's page in one language. Numbers and dates come in formatted. */
export interface CiteTexts {
  badge: string;
  frozen(date: string): string;
  withdrawn(parts: { withdrawn: number; of: number }): string;
  withheld(parts: { withheld: number; of: number }): string;
  today: string;
  todaySame: string;
  /** The sentences are the same, numbers behind them are not. */
  todaySaysSame: string;
  /** That single readings of its days are gone. */
  readingsGone(date: string): string;
  todayOther: string;
  todayNone: string;
  todayComputing: string;
  todayLink: string;
  why: string;
  reasons: {
    withdrawn(count: number): string;
    gone(count: number): string;
    added(count: number): string;
    changed(count: number): string;
    method(parts: { cited: string; now: string }): string;
    limit: string;
    comparisons: string;
    /** Left out of figures by the operator since, and taken in again. */
    excluded(count: number): string;
    included(count: number): string;
    facts(count: number): string;
  };
  check: string;
  checkText: string;
  /** The same where measurements are gone. */
  checkRest: string;
  checkCommands: string;
  signature: string;
  files: Record<'bundle' | 'svg' | 'png' | 'csv' | 'excel' | 'json' | 'bib' | 'csl' | 'qr', string>;
  address: string;
  embed: string;
  embedText: string;
  embedFrozen: string;
  /** At the foot of a frame that shows what was cited. */
  embedFrozenOn(date: string): string;
  embedLive: string;
  embedMore: string;
  notFoundTitle: string;
  notFoundText: string;
  tooMany: string;
  noData: string;
  openPeriod: string;
}

const de: CiteTexts = {
  badge: 'Zitat: Bürgermessung, kein amtlicher Messwert',
  frozen: (date) => `Festgehalten am ${date}. Was in diesem Zitat steht, ändert sich nicht mehr.`,
  withdrawn: ({ withdrawn, of }) =>
    `${of === 1 ? 'Die Station' : `${withdrawn} von ${of} Stationen`} ${withdrawn === 1 ? 'wurde' : 'wurden'} von ${withdrawn === 1 ? 'ihrem Betreiber' : 'ihren Betreibern'} zurückgezogen: Ihre Messwerte sind gelöscht. Die Zahl bleibt stehen, wie sie zitiert wurde; nachrechnen lässt ${of === 1 ? 'sie sich nicht mehr' : 'sich nur noch der Rest'}.`,
  withheld: ({ withheld, of }) =>
    `Der Ort ${of === 1 ? 'der Station' : `von ${withheld} von ${of} Stationen`} steht nicht mehr in diesem Zitat: ${withheld === 1 ? 'Ihr Betreiber zeigt' : 'Ihre Betreiber zeigen'} ihn gröber oder nicht mehr. Die Messwerte sind geblieben, die Zahl lässt sich weiter nachrechnen.`,
  today: 'Dieselbe Frage heute',
  readingsGone: (date) =>
    `Einzelne Messwerte vor dem ${date} hat der Betreiber gelöscht. Die Antwort von heute folgt aus den Stundenmitteln, die bleiben; ob diese aus den Messwerten folgen, lässt sich hier nicht mehr prüfen.`,
  todaySame: 'Dieselbe Frage ergibt heute dieselbe Antwort.',
  todaySaysSame:
    'Dieselbe Frage ergibt heute dieselbe Aussage; einzelne Zahlen, auf denen sie beruht, haben sich geändert.',
  todayOther: 'Dieselbe Frage ergibt heute eine andere Antwort:',
  todayNone: 'Dieselbe Frage hat heute keine Antwort mehr:',
  todayComputing: 'Die Antwort von heute wird gerade gerechnet.',
  todayLink: 'Bericht von heute ansehen',
  why: 'Was sich geändert hat:',
  reasons: {
    withdrawn: (count) =>
      count === 1 ? 'eine Station wurde zurückgezogen' : `${count} Stationen wurden zurückgezogen`,
    gone: (count) =>
      count === 1 ? 'eine Station gehört nicht mehr dazu' : `${count} Stationen gehören nicht mehr dazu`,
    added: (count) => (count === 1 ? 'eine Station kam dazu' : `${count} Stationen kamen dazu`),
    changed: (count) =>
      count === 1
        ? 'Stundenwerte einer Station wurden geändert (nachgereichte Messungen, Markierungen)'
        : `Stundenwerte von ${count} Stationen wurden geändert (nachgereichte Messungen, Markierungen)`,
    method: ({ cited, now }) => `das Verfahren ist neu: ${now} statt ${cited}`,
    limit: 'der Vergleichswert steht heute anders in der Tabelle',
    comparisons: 'der Vergleich mit der amtlichen Station, der die Unsicherheit mitbestimmt, fällt heute anders aus',
    excluded: (count) =>
      count === 1
        ? 'der Betreiber dieser Seite nimmt seither eine Station von Auswertungen aus'
        : `der Betreiber dieser Seite nimmt seither ${count} Stationen von Auswertungen aus`,
    included: (count) =>
      count === 1
        ? 'der Betreiber dieser Seite zählt eine ausgenommene Station wieder mit'
        : `der Betreiber dieser Seite zählt ${count} ausgenommene Stationen wieder mit`,
    facts: (count) =>
      count === 1 ? 'Angaben zu einer Station wurden geändert' : `Angaben zu ${count} Stationen wurden geändert`,
  },
  check: 'Nachprüfen',
  checkText:
    'Das Bündel enthält jeden Stundenwert. Mit einem der beiden Programme lässt sich auf jedem Rechner und ohne diesen Server prüfen, dass die Zahl aus den Messwerten folgt und seit dem Zitieren nichts geändert wurde. Ob die Sensoren richtig maßen, prüft niemand aus einer Datei.',
  checkRest:
    'Dem Bündel fehlen die Stundenwerte, die gelöscht sind; dass die Zahl aus allen folgt, lässt sich nicht mehr prüfen. Mit einem der beiden Programme lässt sich auf jedem Rechner und ohne diesen Server prüfen, dass am Übrigen seit dem Zitieren nichts geändert wurde.',
  checkCommands: 'Befehle zum Nachprüfen',
  signature: 'Kennung',
  files: {
    bundle: 'Bündel zum Nachprüfen (JSON)',
    svg: 'Diagramm (SVG)',
    png: 'Diagramm (PNG)',
    csv: 'Tage (CSV)',
    excel: 'Tage (CSV für Excel)',
    json: 'Alle Zahlen (JSON)',
    bib: 'BibTeX',
    csl: 'CSL-JSON',
    qr: 'QR-Code (SVG)',
  },
  address: 'Adresse dieses Zitats',
  embed: 'Einbetten',
  embedText:
    'Als Rahmen in einer anderen Seite, ohne Dritte. Festgehalten zeigt er diese Zahl, laufend die Antwort von heute.',
  embedFrozen: 'festgehalten',
  embedFrozenOn: (date) => `festgehalten am ${date}`,
  embedLive: 'laufend',
  embedMore: 'Zum Zitat',
  notFoundTitle: 'Zitat nicht gefunden',
  notFoundText: 'Unter dieser Kennung ist hier nichts zitiert. Vielleicht wurde sie falsch abgeschrieben.',
  tooMany: 'Von Ihrem Anschluss wurde gerade sehr viel zitiert. Bitte später noch einmal versuchen.',
  noData: 'Für diese Frage gibt es keine gültigen Messwerte: Darauf kann kein Zitat beruhen.',
  openPeriod:
    'Zitieren lassen sich nur Zeiträume, die zu Ende sind. Bitte den letzten Tag auf gestern oder früher setzen.',
};

const en: CiteTexts = {
  badge: 'Citation: citizen measurement, not an official value',
  frozen: (date) => `Frozen on ${date}. What this citation says does not change any more.`,
  withdrawn: ({ withdrawn, of }) =>
    `${of === 1 ? 'The station' : `${withdrawn} of ${of} stations`} ${withdrawn === 1 ? 'was' : 'were'} withdrawn by ${withdrawn === 1 ? 'its host' : 'their hosts'}: the measurements are deleted. The figure stands as it was cited; ${of === 1 ? 'it can no longer be recomputed' : 'only the rest can still be checked'}.`,
  withheld: ({ withheld, of }) =>
    `The place of ${of === 1 ? 'the station' : `${withheld} of ${of} stations`} is no longer in this citation: ${withheld === 1 ? 'its host shows' : 'their hosts show'} it more coarsely or not at all. The measurements are still there, and the figure can still be computed from them.`,
  today: 'The same question today',
  readingsGone: (date) =>
    `Single readings before ${date} were removed by the operator. Today’s answer follows from the hourly means, which stay; whether these follow from readings can no longer be checked here.`,
  todaySame: 'The same question has the same answer today.',
  todaySaysSame: 'The same question gives the same statement today; some of the numbers it rests on have changed.',
  todayOther: 'The same question has another answer today:',
  todayNone: 'The same question has no answer any more today:',
  todayComputing: "Today's answer is being computed.",
  todayLink: "See today's report",
  why: 'What has changed:',
  reasons: {
    withdrawn: (count) => (count === 1 ? 'one station was withdrawn' : `${count} stations were withdrawn`),
    gone: (count) =>
      count === 1 ? 'one station does not belong any more' : `${count} stations do not belong any more`,
    added: (count) => (count === 1 ? 'one station was added' : `${count} stations were added`),
    changed: (count) =>
      count === 1
        ? 'hourly values of one station were changed (late measurements, marks)'
        : `hourly values of ${count} stations were changed (late measurements, marks)`,
    method: ({ cited, now }) => `the method is new: ${now} instead of ${cited}`,
    limit: 'the value compared with stands otherwise in the table today',
    comparisons: 'the comparison with the official station, which bears on the uncertainty, comes out otherwise today',
    excluded: (count) =>
      count === 1
        ? 'the operator has since left one station out of figures'
        : `the operator has since left ${count} stations out of figures`,
    included: (count) =>
      count === 1
        ? 'the operator counts one station again that was left out'
        : `the operator counts ${count} stations again that were left out`,
    facts: (count) =>
      count === 1 ? 'facts about one station were changed' : `facts about ${count} stations were changed`,
  },
  check: 'Check it',
  checkText:
    'The bundle holds every hourly value. With either of the two programs anyone can check, on any machine and without this server, that the figure follows from the measurements and that nothing was changed since. Whether the sensors measured right nobody can check from a file.',
  checkRest:
    'The bundle lacks the hourly values that are deleted; that the figure follows from all of them can no longer be checked. With either of the two programs anyone can check, on any machine and without this server, that nothing of the rest was changed since.',
  checkCommands: 'Commands to check it',
  signature: 'Id',
  files: {
    bundle: 'Bundle to check (JSON)',
    svg: 'Chart (SVG)',
    png: 'Chart (PNG)',
    csv: 'Days (CSV)',
    excel: 'Days (CSV for German Excel)',
    json: 'All numbers (JSON)',
    bib: 'BibTeX',
    csl: 'CSL-JSON',
    qr: 'QR code (SVG)',
  },
  address: 'Address of this citation',
  embed: 'Embed',
  embedText: "As a frame in another page, without third parties. Frozen it shows this figure, updating today's answer.",
  embedFrozen: 'frozen',
  embedFrozenOn: (date) => `frozen on ${date}`,
  embedLive: 'updating',
  embedMore: 'To the citation',
  notFoundTitle: 'Citation not found',
  notFoundText: 'Nothing is cited here under this id. It may have been copied wrongly.',
  tooMany: 'Very much was cited from your connection just now. Please try again later.',
  noData: 'There are no valid measurements for this question: no citation can rest on that.',
  openPeriod: 'Only periods that are over can be cited. Please set the last day to yesterday or earlier.',
};

/** Texts of citations. */
export const CITE_TEXTS = { de, en } as const;
