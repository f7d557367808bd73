import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';
import { CallbackRefused } from './refusal.ts';

/** A field of a callback: its text, or the fields, or several fields of one name, within it. Names of fields are not trusted: no plain object. */
export type XmlValue = string | XmlFields | XmlValue[];
export type XmlFields = Map<string, XmlValue>;

const most = { bytes: 64 * 1024, depth: 6, elements: 400, name: 64 };
/** What the platform repeats; of anything else two are a contradiction that two readers might settle differently. */
const repeated: ReadonlySet<string> = new Set(['item', 'List', 'SelectedItem', 'OptionId']);
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What XML has no place for. WeChat passes such characters on inside CDATA when a user types them, and strict readers break on them. */
const illegal = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/**
 * Reads the document of a callback: elements, text and CDATA under `<xml>`, and nothing else. Throws `CallbackRefused` for anything more: a
 * document type, attributes, too much of anything, a field given twice.
 */
export function readXml(document: string): XmlFields {
  if (Buffer.byteLength(document) > most.bytes) throw new CallbackRefused('xml');
  const legal = document.replace(/^\uFEFF/, '').replace(illegal, '');
  // That it begins so leaves no room for a document type, which a user may well have typed inside CDATA.
  if (!/^\s*(?:<\?xml[^>]{0,100}\?>\s*)?<xml>/.test(legal)) throw new CallbackRefused('xml');
  // Before parsing, for the parser calls itself for every level.
  if (!isShallow(legal)) throw new CallbackRefused('xml');
  const fields = fieldsOf(parsed(legal));
  if (typeof fields === 'string' || Array.isArray(fields)) throw new CallbackRefused('xml');
  return fields;
}

/** An element, with text as CDATA and numbers bare, without any space between elements: what the platform accepts. */
export function writeXml(name: string, content: XmlContent): string {
  return `<${name}>${contentOf(content)}</${name}>`;
}

export type XmlContent = string | number | readonly [name: string, content: XmlContent][];

function contentOf(content: XmlContent): string {
  if (typeof content === 'number') return String(content);
  if (typeof content !== 'string') return content.map(([name, inner]) => writeXml(name, inner)).join('');
  // The end of a CDATA section in what it holds is spread over two of them.
  return `<![CDATA[${content.replace(illegal, '').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function parsed(document: string): XmlElement {
  let root: XmlElement | null;
  try {
    root = parseXml(document).root;
  } catch (cause) {
    throw new CallbackRefused('xml', { cause });
  }
  if (root?.name !== 'xml') throw new CallbackRefused('xml');
  return root;
}

/** Whether the tags nest, and are, no more than allowed, without parsing; what stands in CDATA does not count. Looks at every character once. */
function isShallow(document: string): boolean {
  let depth = 0;
  let elements = 0;
  for (let at = document.indexOf('<'); at !== -1; at = document.indexOf('<', at)) {
    const isCdata = document.startsWith('<![CDATA[', at);
    const end = document.indexOf(isCdata ? ']]>' : '>', at);
    if (end === -1) return false;
    const closes = document[at + 1] === '/';
    if (!isCdata && document[at + 1] !== '?') {
      depth += closes ? -1 : 1;
      elements += closes ? 0 : 1;
    }
    if (depth > most.depth || elements > most.elements) return false;
    if (!isCdata && document[end - 1] === '/') depth -= 1;
    at = end;
  }
  return true;
}

function fieldsOf(element: XmlElement): XmlValue {
  checkName(element);
  const inner = element.children.filter((child) => child instanceof XmlElement);
  if (inner.length === 0) return element.text;
  // Between elements there is white space, or the document is not one of the platform's.
  if (element.children.some((child) => child instanceof XmlText && child.text.trim() !== '')) throw new CallbackRefused('xml');
  const fields: XmlFields = new Map();
  for (const child of inner) {
    const before = fields.get(child.name);
    const value = fieldsOf(child);
    if (before === undefined) fields.set(child.name, repeated.has(child.name) ? [value] : value);
    else if (Array.isArray(before)) before.push(value);
    else throw new CallbackRefused('xml');
  }
  return fields;
}

function checkName({ name, attributes }: XmlElement): void {
  const isFit = name.length <= most.name && !forbidden.has(name) && Object.keys(attributes).length === 0;
  if (!isFit) throw new CallbackRefused('xml');
}
