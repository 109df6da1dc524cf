import type { Hosting } from './hosting.ts';
import { embedJson, type Html, html } from './html.ts';
import type { PageTexts } from './texts/pageTexts.ts';

/** The frame of `/host`: heading, what to do without scripts, and what the script needs to know. */
export function renderHost(texts: PageTexts, hosting: Hosting): Html {
  return html`<div id="host"><div class="host"><h1>${texts.hostHeading}</h1>
<noscript><p class="notice">${texts.hostNeedsScript}</p></noscript></div></div>
<script type="application/json" id="hosting">${embedJson(hosting)}</script>`;
}
