/** XML as WeChat writes it: strings in CDATA, numbers bare, nothing between the elements. */

export type Field = readonly [name: string, value: string | number | bigint | readonly Field[]];

export interface XmlElement {
  name: string;
  /** Empty where there are children: none of the documented shapes mixes both. */
  text: string;
  children: XmlElement[];
}

/** XML that WeChat does not take for an answer, and why. */
export class IllegalXml extends Error {}

const name = /[A-Za-z_][A-Za-z0-9_]{0,63}/y;
const maxDepth = 6;
/** What XML 1.0 forbids: control characters but tab and line ends, two non-characters, and halves of surrogate pairs. */
export const illegalCharacter = /[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]|\p{Cs}/u;
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Control characters pass as they are: WeChat hands on what people typed. */
export function writeXml(fields: readonly Field[]): string {
  return `<xml>${fields.map(writeField).join('')}</xml>`;
}

function writeField([tag, value]: Field): string {
  if (typeof value === 'number' || typeof value === 'bigint') return `<${tag}>${value}</${tag}>`;
  if (typeof value === 'string') return `<${tag}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${tag}>`;
  return `<${tag}>${value.map(writeField).join('')}</${tag}>`;
}

/**
 * Reads an answer of the bot and is as narrow as the documented samples: one `xml` root and elements in it; no declaration, no attribute,
 * no comment, no white space between elements, no character that XML forbids.
 */
export function readXml(source: string): XmlElement {
  const reader = new Reader(source);
  const root = reader.element(1);
  if (root.name !== 'xml') throw new IllegalXml(`the root is <${root.name}>`);
  reader.end();
  return root;
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    const illegal = illegalCharacter.exec(source);
    if (illegal) throw new IllegalXml(`illegal character U+${(illegal[0].codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
    this.#source = source;
  }

  element(depth: number): XmlElement {
    if (depth > maxDepth) throw new IllegalXml('nested too deep');
    this.#take('<');
    const tag = this.#name();
    this.#take('>');
    const children: XmlElement[] = [];
    let text = '';
    while (!this.#source.startsWith('</', this.#at)) {
      if (this.#at >= this.#source.length) throw new IllegalXml(`<${tag}> is not closed`);
      if (this.#source.startsWith('<![CDATA[', this.#at)) text += this.#cdata();
      else if (this.#source.startsWith('<', this.#at)) children.push(this.element(depth + 1));
      else text += this.#characters();
    }
    this.#take(`</${tag}>`);
    if (children.length > 0 && text !== '') throw new IllegalXml(`<${tag}> has characters between its elements`);
    return { name: tag, text, children };
  }

  end(): void {
    if (this.#at < this.#source.length) throw new IllegalXml('something follows the document');
  }

  #name(): string {
    name.lastIndex = this.#at;
    const found = name.exec(this.#source)?.[0];
    if (!found) throw new IllegalXml(`no name of an element at ${this.#at}`);
    this.#at += found.length;
    return found;
  }

  #cdata(): string {
    const start = this.#at + '<![CDATA['.length;
    const end = this.#source.indexOf(']]>', start);
    if (end < 0) throw new IllegalXml('a CDATA section is not closed');
    this.#at = end + ']]>'.length;
    return this.#source.slice(start, end);
  }

  #characters(): string {
    const next = this.#source.indexOf('<', this.#at);
    const raw = this.#source.slice(this.#at, next < 0 ? undefined : next);
    if (raw.includes(']]>')) throw new IllegalXml(']]> outside of CDATA: it ended too early');
    this.#at += raw.length;
    return raw.replace(/&([^;]*);?/g, (reference, entity: string) => {
      const character = reference.endsWith(';') ? (entities[entity] ?? numericReference(entity)) : undefined;
      if (character === undefined) throw new IllegalXml(`a reference that is none: ${reference}`);
      return character;
    });
  }

  #take(expected: string): void {
    if (!this.#source.startsWith(expected, this.#at)) {
      throw new IllegalXml(`${expected} expected at ${this.#at}, not ${JSON.stringify(this.#source.slice(this.#at, this.#at + 12))}`);
    }
    this.#at += expected.length;
  }
}

function numericReference(entity: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(entity) ?? [];
  const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
  if (!(code >= 0 && code <= 0x10ffff)) return undefined;
  const character = String.fromCodePoint(code);
  return illegalCharacter.test(character) ? undefined : character;
}
