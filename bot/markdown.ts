/**
 * The small part of Markdown that answers use: paragraphs, lists of one level, bold, links. Whatever else a source has is
 * text. Free of any page and channel: the widget makes elements of it, WeChat gets plain lines.
 */
export type Block = { kind: 'paragraph'; lines: Inline[][] } | { kind: 'list'; items: Inline[][][]; start?: number };

/** `address` is as it was written: whoever shows it decides what is safe to open. */
export type Inline = { kind: 'text'; text: string } | { kind: 'bold'; inner: Inline[] } | { kind: 'link'; text: string; address: string };

export function readMarkdown(source: string): Block[] {
  const text = withoutGaps(source).trim();
  return text === '' ? [] : text.split(/\n\s*\n/).map(block);
}

const marker = /^(?:[-*]|(\d{1,9})\.) +/;

function block(source: string): Block {
  const [mark, number] = marker.exec(source) ?? [];
  if (!mark) return { kind: 'paragraph', lines: lines(source) };
  const items = source.split(/\n(?=(?:[-*]|\d{1,9}\.) )/).map((item) => lines(item.replace(marker, '').replace(/\n +/g, '\n')));
  return { kind: 'list', items, ...(number && { start: Number(number) }) };
}

/** In a chat a new line is meant as one. */
function lines(source: string): Inline[][] {
  return source.split('\n').map(inline);
}

/** Exactly two stars on each side: the longer rows are those of covered numbers, 110***********002X. */
const bold = /(^|[^*])\*\*([^\s*](?:(?:[^*]|\*(?!\*)|\*{3,}(?!\*))*?[^\s*])?)\*\*(?!\*)/;
const link = /\[([^\]]+)\]\(((?:[^\s()]|\([^\s()]*\))+)\)/;

function inline(source: string): Inline[] {
  const [found] = [findBold(source), findLink(source)].filter((match) => match !== undefined).sort((a, b) => a.start - b.start);
  if (!found) return plain(source);
  return [...plain(source.slice(0, found.start)), found.node, ...inline(source.slice(found.end))];
}

function plain(text: string): Inline[] {
  return text === '' ? [] : [{ kind: 'text', text }];
}

interface Found {
  start: number;
  end: number;
  node: Inline;
}

function findBold(source: string, from = 0): Found | undefined {
  const match = bold.exec(source.slice(from));
  if (!match) return undefined;
  const [whole, before = '', text = ''] = match;
  const start = from + match.index + before.length;
  // The stars of a covered name, 张**。, end a word; those that begin bold text, or bold 《》 and links, do not.
  const endsWord = /[\p{L}\p{N}]/u.test(before) && /^(?![[《“「])[\p{P}\p{S}]/u.test(text);
  if (endsWord) return findBold(source, start + 2);
  return { start, end: from + match.index + whole.length, node: { kind: 'bold', inner: inline(text) } };
}

function findLink(source: string): Found | undefined {
  const match = link.exec(source);
  if (!match) return undefined;
  const [whole, text = '', address = ''] = match;
  return { start: match.index, end: match.index + whole.length, node: { kind: 'link', text, address } };
}

/** Between bold and Chinese text Markdown needs a space where Chinese has none. */
function withoutGaps(source: string): string {
  return source.replace(/(\S\*\*) +(?=\p{Script=Han})/gu, '$1').replace(/([\p{Script=Han}，。；：、）]) +(?=\*\*\S)/gu, '$1');
}
