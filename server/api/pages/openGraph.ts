import type { Request } from 'express';
import { type Language, LOCALES } from '../../domain/names.ts';
import { baseUrl } from '../http/baseUrl.ts';
import { type Html, html } from './html.ts';
import type { Asked } from './pageWriter.ts';
import { PREVIEW } from './pictures/previewCard.ts';

/** What a network shows beside a link to a page. */
export interface OpenGraph {
  title: string;
  description: string;
  /** Address of the page, with host. */
  url: string;
  /** Address of its picture, with host. */
  image: string;
  site: string;
  language: Language;
}

/** The page's preview (Open Graph; Twitter's card falls back to it). */
export function renderOpenGraph({ title, description, url, image, site, language }: OpenGraph): Html {
  return html`<meta property="og:type" content="article"><meta property="og:title" content="${title}"><meta property="og:url" content="${url}">
<meta property="og:description" content="${description}"><meta property="og:site_name" content="${site}"><meta property="og:locale" content="${LOCALES[language].replace('-', '_')}">
<meta property="og:image" content="${image}"><meta property="og:image:type" content="image/png"><meta property="og:image:width" content="${PREVIEW.width}"><meta property="og:image:height" content="${PREVIEW.height}"><meta property="og:image:alt" content="${title}">
<meta name="twitter:card" content="summary_large_image">
`;
}

/** Address, picture and language of a page that is its path and a layer. */
export function previewUrls(
  path: string,
  { request, asked, publicUrl }: { request: Request; asked: Pick<Asked, 'language'>; publicUrl: string | undefined },
): Pick<OpenGraph, 'url' | 'image' | 'language'> {
  const base = baseUrl(request, publicUrl);
  const { language } = asked;
  const query = new URLSearchParams({ lang: language, ...(request.query.quantity === 'pm10' && { quantity: 'pm10' }) });
  return { url: `${base}${path}?${query}`, image: `${base}${path}/preview.png?${query}`, language };
}
