import type { Request, Response, Router } from 'express';
import type { Language } from '../../domain/names.ts';
import { exampleOf } from '../http/exampleOf.ts';
import type { Operation } from '../http/openApiTypes.ts';
import type { OpenApiDocument } from '../openapi.ts';
import { type Html, html } from './html.ts';
import type { Asked, PageWriter } from './pageWriter.ts';

/** Words of the page; what describes the API itself is English, as the API is. */
const TEXTS = {
  de: {
    title: 'Schnittstellen für Programme',
    intro:
      'Alle Daten lassen sich ohne Schlüssel lesen, auch von fremden Webseiten aus. Die Beschreibungen unten sind englisch, wie die Schnittstelle selbst.',
    machine: 'Für Maschinen: OpenAPI 3.1 als JSON',
    key: 'braucht einen Schlüssel',
    parameters: 'Parameter',
    required: 'nötig',
    example: 'Beispiel der Antwort',
    schema: 'Schema der Antwort',
    body: 'Beispiel der Anfrage',
    contents: 'Inhalt',
  },
  en: {
    title: 'Interfaces for programs',
    intro: 'All data can be read without a key, also from pages of other sites.',
    machine: 'For machines: OpenAPI 3.1 as JSON',
    key: 'needs a key',
    parameters: 'Parameters',
    required: 'required',
    example: 'Example of the answer',
    schema: 'Schema of the answer',
    body: 'Example of the request',
    contents: 'Contents',
  },
} as const satisfies Record<Language, Record<string, string>>;

type Texts = Record<keyof (typeof TEXTS)['en'], string>;

interface Described {
  path: string;
  method: string;
  operation: Operation;
}

/** `GET /docs`: the OpenAPI document as a page that needs no script and nothing from elsewhere. */
export function mountDocs(router: Router, writer: PageWriter): void {
  router.get('/docs', (request: Request, response: Response) => {
    const asked = writer.asked(request);
    const texts = TEXTS[asked.language];
    writer.send(response, asked, {
      kind: 'text',
      title: `${texts.title} – ${writer.instance.name}`,
      description: texts.intro,
      main: renderDocs(request.app.locals.openApi as OpenApiDocument, asked),
    });
  });
}

/** The page's content. */
function renderDocs(document: OpenApiDocument, { language }: Pick<Asked, 'language'>): Html {
  const texts = TEXTS[language];
  const byTag = new Map<string, Described[]>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const [tag] = operation.tags;
      byTag.set(tag, [...(byTag.get(tag) ?? []), { path, method, operation }]);
    }
  }
  const tags = [...byTag.keys()];
  return html`<article class="text">
<h1>${texts.title}</h1>
<p>${texts.intro}</p>
<p><a href="/api/v1/openapi.json">${texts.machine}</a></p>
<nav aria-label="${texts.contents}"><ul>${tags.map((tag) => html`<li lang="en"><a href="#${anchorOf(tag)}">${tag}</a></li>`)}</ul></nav>
<div lang="en">
${tags.map(
  (tag) => html`<h2 id="${anchorOf(tag)}">${tag}</h2>
${(byTag.get(tag) ?? []).map((described) => renderOperation(described, texts))}`,
)}
</div>
</article>`;
}

function renderOperation({ path, method, operation }: Described, texts: Texts): Html {
  const { operationId, summary, description, parameters = [], security = [] } = operation;
  return html`<section aria-labelledby="${operationId}">
<h3 id="${operationId}"><code>${method.toUpperCase()} ${path}</code></h3>
<p>${summary}${security.length > 0 && html` (${texts.key})`}</p>
${description !== undefined && html`<p>${description}</p>`}
${
  parameters.length > 0 &&
  html`<p>${texts.parameters}</p>
<ul>${parameters.map(
    ({ name, required, description: meaning }) =>
      html`<li><code>${name}</code>${required && html` (${texts.required})`}: ${meaning}</li>`,
  )}</ul>`
}
${renderBody(operation, texts)}
${renderAnswer(operation, texts)}
</section>
`;
}

function renderBody({ requestBody }: Operation, texts: Texts): Html | undefined {
  const content = requestBody?.content?.['application/json'];
  return content && renderJson(texts.body, content.example ?? exampleOf(content.schema));
}

function renderAnswer({ responses }: Operation, texts: Texts): Html | undefined {
  const good = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  if (good === undefined || '$ref' in good) return undefined;
  const [content] = Object.entries(good.content ?? {}).filter(([type]) => type.includes('json'));
  if (content === undefined) return html`<p>${good.description}</p>`;
  const [, { schema, example }] = content;
  return html`${renderJson(texts.example, example ?? exampleOf(schema))}${renderJson(texts.schema, schema)}`;
}

function renderJson(title: string, value: unknown): Html {
  return html`<details><summary>${title}</summary><pre tabindex="0"><code>${JSON.stringify(value, undefined, 2)}</code></pre></details>
`;
}

function anchorOf(tag: string): string {
  return tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
