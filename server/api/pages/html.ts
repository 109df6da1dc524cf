/** HTML that is safe to put into a page as it stands. */
export interface Html {
  readonly html: string;
}

/** Marks text that is HTML already. */
export function raw(html: string): Html {
  return { html };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML has no way to write (XML 1.0, 2.2): one in a station's name would make a whole catalogue or feed unreadable. */
const NOT_IN_XML = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu;

/** `text` with the five characters that mean something in HTML and XML written as entities, and those XML lacks as U+FFFD. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character).replace(NOT_IN_XML, '\uFFFD');
}

/** What a template takes: everything but `Html` is escaped; missing things and `false` leave nothing. */
export type Part = Html | string | number | false | undefined | readonly Part[];

/** Template tag for HTML: every inserted text is escaped, so that a station's name can never become markup. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return raw(strings.map((string, i) => string + (i < parts.length ? render(parts[i]) : '')).join(''));
}

function render(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  if ('html' in part) return part.html;
  return part.map(render).join('');
}

/** JSON for a `<script type="application/json">`: `</script>` cannot occur in it. */
export function embedJson(value: unknown): Html {
  return raw(JSON.stringify(value).replace(/</g, '\\u003c'));
}
