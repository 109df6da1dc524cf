import type { Format } from '../../domain/format.ts';
import type { Language } from '../../domain/names.ts';
import type { EntryFiles } from './assets.ts';
import { embedJson, type Html, html, raw } from './html.ts';
import type { DemoNotice, Instance } from './instance.ts';
import { pageUrl } from './pageUrls.ts';
import { siteNavItems } from './siteNav.ts';
import type { PageTexts } from './texts/pageTexts.ts';
import { TEXT_PAGES } from './texts/pageTexts.ts';
import { THEME_SCRIPT } from './themeScript.ts';

/** What every page is made of. */
export interface Page {
  instance: Instance;
  language: Language;
  /** Set when the URL names the language; links then carry it on. */
  chosenLanguage: Language | undefined;
  texts: PageTexts;
  format: Format;
  /** Path and query (without the language) of the page itself, for the language link. */
  path: string;
  query: Readonly<Record<string, string>>;
  title: string;
  description: string;
  files: EntryFiles;
  /** Class of `<body>`: `page-map`, `page-station`, `page-report`, `page-host`, `page-text`. */
  kind: 'map' | 'station' | 'area' | 'report' | 'host' | 'admin' | 'text';
  /** Paths the script fetches first; the browser starts on them before it has read the script. */
  preloads?: string[];
  isIndexed?: boolean;
  /** Further elements of the head: feeds, previews. */
  head?: Html;
  main: Html;
}

/** The whole document: head, header, main part, footer. Readable without scripts. */
export function renderPage(page: Page): string {
  return html`<!doctype html>
<html lang="${page.language}">
${renderHead(page)}
<body class="page-${page.kind}">
<a class="skip-link" href="#main">${page.texts.skipToContent}</a>
${renderHeader(page)}
<main id="main" tabindex="-1">${page.main}</main>
${renderFooter(page)}
<script type="application/json" id="instance">${embedJson(page.instance)}</script>
</body>
</html>
`.html;
}

/** A page for a frame: the main part alone, its links open in a page of their own. */
export function renderFrame({
  language,
  title,
  styles,
  main,
}: Pick<Page, 'language' | 'title' | 'main'> & { styles: readonly string[] }): string {
  return html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><base target="_blank"><link rel="icon" href="/favicon.svg" type="image/svg+xml">
${styles.map((href) => html`<link rel="stylesheet" href="${href}">\n`)}</head>
<body class="page-frame"><main id="main">${main}</main></body>
</html>
`.html;
}

function renderHead({ texts, instance, files, ...page }: Page): Html {
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${page.title}</title>
<meta name="description" content="${page.description}">
${page.isIndexed === false && html`<meta name="robots" content="noindex">\n`}<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#12181d" media="(prefers-color-scheme: dark)">
${page.head}<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<script>${raw(THEME_SCRIPT)}</script>
${files.styles.map((href) => html`<link rel="stylesheet" href="${href}">\n`)}<script type="module" src="${files.script}"></script>
${files.preloads.map((href) => html`<link rel="modulepreload" href="${href}">\n`)}${(page.preloads ?? []).map(
  (href) => html`<link rel="preload" as="fetch" crossorigin="anonymous" href="${href}">\n`,
)}</head>`;
}

function renderHeader(page: Page): Html {
  const { texts, format, instance, language, chosenLanguage, path, query } = page;
  const other = language === 'de' ? 'en' : 'de';
  return html`<header class="site-header">
<a class="brand" href="${pageUrl('/', chosenLanguage)}">${logoOf(instance)}<span>${instance.name}</span></a>
<nav class="site-nav" aria-label="${texts.pagesLabel}"><ul>
${navItems(page)}</ul></nav>
<div class="site-header-tools" id="header-tools"></div>
<a class="language-link" id="language-link" href="${pageUrl(path, other, query)}" hreflang="${other}" lang="${other}" aria-label="${texts.otherLanguageLabel}">${texts.otherLanguage}</a>
<a class="menu-link" href="#site-footer">${texts.menu}</a>
</header>
${instance.demo && renderDemo(instance.demo, { texts, language, format })}`;
}

/** On every page of a replay: that it is one, and, unfolded, whose data these are. */
function renderDemo(demo: DemoNotice, { texts, language, format }: Pick<Page, 'texts' | 'language' | 'format'>): Html {
  const looped = demo.loopedAt && ` ${texts.demoLooped(format.dateTime(Date.parse(demo.loopedAt)))}`;
  return html`<aside class="demo-banner" aria-label="${texts.demo}"><details><summary>${texts.demo}${looped}</summary>
<p>${demo.text[language]} ${texts.demoCredit(demo.credit, demo.licence)}</p></details></aside>`;
}

/** All pages: where the header is too narrow for the main ones, its menu link leads here. */
function renderFooter(page: Page): Html {
  const { texts, chosenLanguage } = page;
  const inGerman = raw(' lang="de" hreflang="de"');
  return html`<footer class="site-footer" id="site-footer" tabindex="-1"><nav aria-label="${texts.footerLabel}"><ul class="footer-pages">
${navItems(page)}</ul><ul>
${TEXT_PAGES.map(
  (name) =>
    html`<li><a href="${pageUrl(`/${name}`, chosenLanguage)}"${name === 'leichte-sprache' && inGerman}>${texts.footer[name]}</a></li>
`,
)}</ul></nav><div class="theme-slot" id="theme-switch"></div>${page.kind === 'map' ? html`<noscript>${creditsOf(page)}</noscript>` : creditsOf(page)}</footer>`;
}

/** Whom the licences of what is shown want named, wherever it is shown; map and table name them themselves. */
function creditsOf({ instance, texts }: Pick<Page, 'instance' | 'texts'>): Html | undefined {
  const credits = instance.credits?.map(
    ({ name, url, licence, licenceUrl }) =>
      html`<a href="${url}">${name}</a> (<a href="${licenceUrl}" rel="license">${licence}</a>)`,
  );
  return credits && html`<p class="footer-credits">${texts.creditSome} ${credits}</p>`;
}

function navItems({ texts, chosenLanguage, path, instance }: Page): Html[] {
  return siteNavItems({ texts, chosenLanguage, path, hasAreas: instance.districtsUrl !== undefined });
}

/** The name beside it says it all: no second name for screen readers. */
function logoOf({ logoUrl }: Instance): Html {
  return logoUrl === undefined ? LOGO : html`<img class="brand-logo" src="${logoUrl}" alt="" height="28">`;
}

/** Three dots of rising size: particles. */
const LOGO = raw(
  '<svg class="brand-mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><circle cx="5" cy="17" r="2.2"/><circle cx="11" cy="9.5" r="3.2"/><circle cx="18.2" cy="16.2" r="4.3"/></svg>',
);
