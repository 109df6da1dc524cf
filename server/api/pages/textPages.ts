import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Marked } from 'marked';
import type { Language } from '../../domain/names.ts';
import { escapeHtml, type Html, raw } from './html.ts';
import type { TextPage } from './texts/pageTexts.ts';

/** Where the Markdown lies: the operator's own files win over those that come with the program. */
export interface TextPageFolders {
  own: string;
  bundled: string;
}

/** A rendered page. */
export interface RenderedText {
  title: string;
  body: Html;
  /** The language the text is really in: a page may exist in one only. */
  language: Language;
}

/** Markdown without its escape hatch: HTML in a file is shown as text, so that a pasted snippet cannot become a script. */
const markdown = new Marked({
  renderer: {
    html: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      return isSafeLink(href) ? `<a href="${escapeHtml(href)}">${text}</a>` : text;
    },
    image: ({ text }) => escapeHtml(text),
  },
});

/**
 * Renders one of the operator's pages: `<page>.<language>.md`, else the other language. `{{NAME}}` is replaced by the
 * value of that name; `{{CONTACT}}` without a value says that none is set.
 */
export async function renderTextPage(
  folders: TextPageFolders,
  page: TextPage,
  options: { language: Language; values: Readonly<Record<string, string>> },
): Promise<RenderedText> {
  const { language, values } = options;
  const found = find(folders, page, language);
  const source = await readFile(found.file, 'utf8');
  const text = source.replace(/\{\{([A-Z_]+)\}\}/g, (whole, name: string) => values[name] ?? whole);
  const title = /^#\s+(.+)$/m.exec(text)?.[1] ?? page;
  return { title, body: raw(await markdown.parse(text)), language: found.language };
}

function find(
  { own, bundled }: TextPageFolders,
  page: TextPage,
  language: Language,
): { file: string; language: Language } {
  const other: Language = language === 'de' ? 'en' : 'de';
  const candidates = [language, other].flatMap((each) =>
    [own, bundled].map((folder) => ({ file: join(folder, `${page}.${each}.md`), language: each })),
  );
  const found = candidates.find(({ file }) => existsSync(file));
  if (!found) throw new Error(`No text for the page ${page}`);
  return found;
}

function isSafeLink(href: string): boolean {
  return /^(https?:|mailto:|tel:|\/|#)/i.test(href) && !href.startsWith('//');
}
