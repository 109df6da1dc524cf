/** What `init` asks, and what it makes of the answers. Pure. */

/** Answers by flag; empty or absent: leave it at the default. */
export type Answers = Record<string, string | undefined>;

/** One question. */
export interface Question {
  flag: string;
  question: string;
  example: string;
  /** The setting the answer becomes; without one it goes into the pages. */
  setting?: string;
}

/** The questions in the order they are asked. */
export const QUESTIONS: readonly Question[] = [
  { flag: 'name', question: 'Name of the instance?', example: 'Luft in Münster', setting: 'INSTANCE_NAME' },
  { flag: 'center', question: 'Centre of the map, lat,lon?', example: '51.96,7.63', setting: 'MAP_CENTER' },
  { flag: 'zoom', question: 'Zoom of the map?', example: '12', setting: 'MAP_ZOOM' },
  {
    flag: 'districts',
    question: 'GeoJSON file with the districts?',
    example: './districts.geojson',
    setting: 'DISTRICTS',
  },
  { flag: 'public-url', question: 'Address people use?', example: 'https://luft.example.org', setting: 'PUBLIC_URL' },
  { flag: 'contact', question: 'Whom people can ask?', example: 'luft@example.org', setting: 'CONTACT' },
  { flag: 'operator', question: 'Who runs it (imprint)?', example: 'Umweltamt der Stadt Münster' },
  { flag: 'address', question: 'Postal address (imprint)?', example: 'Albersloher Weg 33, 48155 Münster' },
  { flag: 'language', question: 'First language, de or en?', example: 'de', setting: 'LANGUAGE' },
  { flag: 'time-zone', question: 'Time zone?', example: 'Europe/Berlin', setting: 'TIME_ZONE' },
  { flag: 'licence', question: 'Licence of new data?', example: 'ODbL-1.0', setting: 'DATA_LICENCE' },
  {
    flag: 'registration',
    question: 'Who may join: open, approval, closed?',
    example: 'approval',
    setting: 'REGISTRATION',
  },
  { flag: 'data-dir', question: 'Folder of the data?', example: './data', setting: 'DATA_DIR' },
];

/** Pages the operator answers for. */
export const OWN_PAGES = ['imprint', 'privacy', 'accessibility', 'about'] as const;

/** The `.env` file: one line a setting that was answered. */
export function envText(answers: Answers): string {
  const lines = QUESTIONS.flatMap(({ flag, setting }) => {
    const answer = answers[flag]?.trim();
    return setting === undefined || !answer ? [] : `${setting}=${JSON.stringify(answer)}`;
  });
  return `# Settings of this instance; .env.example explains all there are.\n${lines.join('\n')}\n`;
}

/** The imprint with name and address in place of the request to write them. */
export function imprintText(bundled: string, { operator, address }: Answers): string {
  const paragraphs = bundled.split('\n\n');
  const who = [operator, ...(address ?? '').split(',')].map((part) => part?.trim()).filter((part) => part);
  if (who.length === 0) return bundled;
  // The paragraph after the contact asks the operator for just this.
  const at = paragraphs.findIndex((paragraph) => paragraph.includes('{{CONTACT}}')) + 1;
  return [...paragraphs.slice(0, at), who.join('  \n'), ...paragraphs.slice(at + 1)].join('\n\n');
}
