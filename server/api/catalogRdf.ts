import type { CatalogNode, CatalogValue } from './catalog.ts';
import { escapeHtml } from './pages/html.ts';

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** A nested JSON-LD node with prefixed names as RDF/XML: the same graph in the form older harvesters read. */
export function catalogRdf(root: CatalogNode): string {
  const prefixes = Object.entries(root['@context'] as CatalogNode).map(([prefix, url]) => ` xmlns:${prefix}="${url}"`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="${RDF}"${prefixes.join('')}>\n${element(root)}</rdf:RDF>\n`;
}

function element(node: CatalogNode): string {
  const type = String(node['@type']);
  const about = node['@id'] === undefined ? '' : ` rdf:about="${escapeHtml(String(node['@id']))}"`;
  const members = Object.entries(node).filter(([name]) => !name.startsWith('@'));
  return `<${type}${about}>\n${members.map(([name, value]) => property(name, value)).join('')}</${type}>\n`;
}

function property(name: string, value: CatalogValue): string {
  if (Array.isArray(value)) return value.map((each) => property(name, each)).join('');
  if (typeof value === 'string') return `<${name}>${escapeHtml(value)}</${name}>\n`;
  const node = value as CatalogNode;
  if (node['@value'] !== undefined) return literal(name, node);
  if (node['@type'] !== undefined) return `<${name}>\n${element(node)}</${name}>\n`;
  return `<${name} rdf:resource="${escapeHtml(String(node['@id']))}"/>\n`;
}

function literal(name: string, node: CatalogNode): string {
  const language = node['@language'] === undefined ? '' : ` xml:lang="${node['@language']}"`;
  const type =
    node['@type'] === undefined
      ? ''
      : ` rdf:datatype="http://www.w3.org/2001/XMLSchema#${String(node['@type']).split(':')[1]}"`;
  return `<${name}${language}${type}>${escapeHtml(String(node['@value']))}</${name}>\n`;
}
