import { type Block, type Inline, readMarkdown } from '../../../markdown.ts';

/** How a text shows its links: as elements that the client opens by their words, or as addresses that stand in the text. */
export type Links = 'anchor' | 'bare';

/** The Markdown of an answer as the plain lines of a chat: points as •, bold as its words, web addresses as `links` says. */
export function markdownText(source: string, links: Links): string {
  return written(interleaved(readMarkdown(cleaned(source)).map(runsOf), '\n\n'), links);
}

/** Words that are no Markdown, as they are; what a client would take for an element of its own is made harmless. */
export function plainText(text: string, links: Links): string {
  return written([{ kind: 'text', text: cleaned(text) }], links);
}

/** Without control characters and lone surrogates, for which XML has no place; line ends are made one, gaps at most two lines. */
function cleaned(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\t\n])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '')
    .replace(/\n(?:[ \t]*\n){3,}/g, '\n\n\n')
    .trim();
}

/** What a line consists of once bold is no more than its words. */
type Run = Exclude<Inline, { kind: 'bold' }>;

function runsOf(block: Block): Run[] {
  if (block.kind === 'paragraph') return interleaved(block.lines.map(unmarked), '\n');
  const { items, start } = block;
  return interleaved(
    items.map((item, at) => [textRun(start === undefined ? '• ' : `${start + at}. `), ...interleaved(item.map(unmarked), '\n')]),
    '\n',
  );
}

function unmarked(line: Inline[]): Run[] {
  return line.flatMap((inline) => (inline.kind === 'bold' ? unmarked(inline.inner) : [inline]));
}

function interleaved(groups: Run[][], between: string): Run[] {
  return groups.flatMap((runs, at) => (at === 0 ? runs : [textRun(between), ...runs]));
}

function textRun(text: string): Run {
  return { kind: 'text', text };
}

function written(runs: Run[], links: Links): string {
  const joined = withTextsJoined(runs);
  return joined
    .map((run, at) => (run.kind === 'text' ? words(run.text, links) : linked(run, links, joined[at + 1])))
    .join('')
    .trim();
}

/** What stands side by side is judged as the client will see it: `<` and the `a` behind it may come from two runs. */
function withTextsJoined(runs: Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (run.kind === 'text' && last?.kind === 'text') joined.splice(-1, 1, textRun(last.text + run.text));
    else joined.push(run);
  }
  return joined;
}

function words(text: string, links: Links): string {
  return links === 'anchor' ? text.replace(/<(?=\s*\/?\s*a)/gi, '＜') : text;
}

function linked({ text, address }: { text: string; address: string }, links: Links, next: Run | undefined): string {
  const spoken = address.replace(/^(?:tel|mailto):/i, '');
  // Any other address, such as a path of our own pages, means nothing outside a browser that is there already.
  if (spoken === address && !/^https?:\/\//i.test(address)) return words(text, links);
  if (links === 'anchor' && spoken === address)
    return `<a href="${address.replace(/["<>]/g, encodeURIComponent)}">${text.replaceAll('<', '＜').replaceAll('>', '＞')}</a>`;
  const shown = text === spoken ? text : `${words(text, links)}：${spoken}`;
  // Clients take an address to go on through what follows it without a gap, Chinese punctuation included.
  return next?.kind === 'link' || /^\S/.test(next?.text ?? '') ? `${shown} ` : shown;
}
