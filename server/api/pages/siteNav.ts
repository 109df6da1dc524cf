import type { Language } from '../../domain/names.ts';
import { type Html, html, raw } from './html.ts';
import { pageUrl } from './pageUrls.ts';
import type { PageTexts, SitePage } from './texts/pageTexts.ts';

/** Main pages by their path. */
const PATHS: Readonly<Record<SitePage, string>> = {
  map: '/',
  areas: '/area',
  report: '/report',
  host: '/host',
  methods: '/methods',
};

/** What the navigation is written for. */
export interface SiteNavOptions {
  texts: PageTexts;
  chosenLanguage: Language | undefined;
  /** Path of the page it stands on. */
  path: string;
  hasAreas: boolean;
}

/** Links to the main pages; the one the reader is on says so. */
export function siteNavItems({ texts, chosenLanguage, path, hasAreas }: SiteNavOptions): Html[] {
  const pages = (Object.keys(PATHS) as SitePage[]).filter((page) => page !== 'areas' || hasAreas);
  return pages.map((page) => {
    const isHere = PATHS[page] === path;
    return html`<li><a href="${pageUrl(PATHS[page], chosenLanguage)}"${isHere && raw(' aria-current="page"')}>${texts.pages[page]}</a></li>
`;
  });
}
