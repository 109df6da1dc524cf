import { standardOffset } from '../domain/means/dayOffset.ts';
import type { Language } from '../domain/names.ts';

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
  /** The answer names a file that must be there. */
  isFile?: true;
}

/** The questions in the order they are asked. */
export const QUESTIONS: readonly Question[] = [
  { flag: 'place', question: 'Which town or district is it for?', example: 'Münster' },
  { flag: 'name', question: 'Name of the instance?', example: 'Luft in Münster', setting: 'INSTANCE_NAME' },
  {
    flag: 'logo',
    question: 'Logo, an SVG, PNG or WebP file?',
    example: './instance/logo.svg',
    setting: 'LOGO',
    isFile: true,
  },
  { flag: 'center', question: 'Centre of the map, lat,lon?', example: '51.96,7.63', setting: 'MAP_CENTER' },
  { flag: 'zoom', question: 'Zoom of the map?', example: '12', setting: 'MAP_ZOOM' },
  {
    flag: 'districts',
    question: 'GeoJSON file with the districts?',
    example: './instance/districts.geojson',
    setting: 'DISTRICTS',
    isFile: true,
  },
  { flag: 'public-url', question: 'Address people use?', example: 'https://luft.example.org', setting: 'PUBLIC_URL' },
  { flag: 'contact', question: 'Whom people can ask?', example: 'luft@example.org', setting: 'CONTACT' },
  { flag: 'operator', question: 'Who runs it (imprint)?', example: 'Umweltamt der Stadt Münster' },
  { flag: 'address', question: 'Postal address (imprint)?', example: 'Albersloher Weg 33, 48155 Münster' },
  {
    flag: 'language',
    question: 'First language, de or en (the other stays one click away)?',
    example: 'de',
    setting: 'LANGUAGE',
  },
  { flag: 'time-zone', question: 'Time zone?', example: 'Europe/Berlin', setting: 'TIME_ZONE' },
  {
    flag: 'country',
    question: 'Country, a code of two letters?',
    example: 'DE',
    setting: 'COUNTRY',
  },
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
export const OWN_PAGES = ['imprint', 'privacy', 'accessibility', 'leichte-sprache', 'about'] as const;

/** One of them. */
export type OwnPage = (typeof OWN_PAGES)[number];

/**
 * The `.env` file: one line a setting that was answered, the days that go with the time zone, and the name
 * docker-compose.yml goes by. `before` is what stands there already.
 */
export function envText(answers: Answers, before = ''): string {
  const lines = QUESTIONS.flatMap(({ flag, setting }) => {
    const answer = settingOf(flag, answers);
    const line = setting === undefined || !answer ? [] : `${setting}=${quoted(answer)}`;
    return flag === 'time-zone' && answer ? [line, `DAY_OFFSET='${standardOffset(answer)}'`].flat() : line;
  });
  const url = answers['public-url']?.trim();
  const domain = url && URL.canParse(url) ? [`# For docker-compose.yml.\nDOMAIN=${new URL(url).hostname}`] : [];
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  const head = '# Settings of this instance; .env.example explains all there are.';
  return `${start}${[head, ...lines, ...domain].join('\n')}\n`;
}

/**
 * A value as both readers of `.env` take it for what it is. Neither Node.js nor Compose changes anything between single quotes;
 * between double ones Node.js knows no \\", and Compose puts values in place of $NAME.
 */
function quoted(value: string): string {
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

/** True for a value that no quotes can hold for both. */
export function isUnquotable(value: string): boolean {
  return /[\r\n]/.test(value) || (value.includes("'") && /["$\\`]/.test(value));
}

/** An answer as the setting takes it; a place without a name gives one. */
function settingOf(flag: string, answers: Answers): string | undefined {
  const answer = answers[flag]?.trim();
  const place = answers.place?.trim();
  if (flag !== 'name' || answer || !place) return answer;
  return answers.language?.trim() === 'en' ? `Air in ${place}` : `Luft in ${place}`;
}

/** A page as a draft of the operator's own: what the answers say stands in it, what only the operator knows is asked for. */
export function draftOf(page: OwnPage, language: Language, bundled: string, answers: Answers): string {
  const who = whoOf(answers);
  switch (page) {
    case 'imprint':
      return imprintText(bundled, answers);
    case 'privacy':
      return who === '' ? bundled : bundled.replace(/(?:siehe|see) \[[^\]]+\]\(\/imprint\)/, () => who);
    case 'accessibility':
      return who === '' ? bundled : afterFirst(bundled, `${ACCOUNTABLE[language]} ${who}.`);
    case 'leichte-sprache':
    case 'about':
      return answers.place?.trim() ? afterFirst(bundled, placeSentence(page, language, answers.place.trim())) : bundled;
  }
}

const ACCOUNTABLE = { de: 'Verantwortlich:', en: 'Responsible:' } as const;

function placeSentence(page: OwnPage, language: Language, place: string): string {
  if (page === 'about') return { de: `Hier geht es um ${place}.`, en: `It is about ${place}.` }[language];
  return { de: `Hier geht es um die Luft in ${place}.`, en: `This is about the air in ${place}.` }[language];
}

/** Operator and address in one line. */
function whoOf({ operator, address }: Answers): string {
  return [operator?.trim(), address?.trim()].filter((part) => part).join(', ');
}

/** Puts a paragraph behind the first one under the title. */
function afterFirst(text: string, paragraph: string): string {
  const [title = '', first = '', ...rest] = text.split('\n\n');
  return [title, first, paragraph, ...rest].join('\n\n');
}

/** Where the bundled imprint names the German authority, in either language. */
const GERMAN_AUTHORITY = /(?: der Länder und das|, in Germany by the) \[[^\]]+\]\([^)]+\)/;

/** The imprint with name and address in place of the request to write them, and with Germany's authority in Germany alone. */
function imprintText(page: string, { operator, address, country }: Answers): string {
  const isGerman = /^(de)?$/i.test(country?.trim() ?? '');
  const bundled = isGerman ? page : page.replace(GERMAN_AUTHORITY, '');
  const paragraphs = bundled.split('\n\n');
  const who = [operator, ...(address ?? '').split(',')].map((part) => part?.trim()).filter((part) => part);
  if (who.length === 0) return bundled;
  // The paragraph after the contact asks the operator for just this.
  const at = paragraphs.findIndex((paragraph) => paragraph.includes('{{CONTACT}}')) + 1;
  return [...paragraphs.slice(0, at), who.join('  \n'), ...paragraphs.slice(at + 1)].join('\n\n');
}
