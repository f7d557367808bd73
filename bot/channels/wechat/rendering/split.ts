/**
 * Cuts a text into parts of at most `limit` bytes of UTF-8, where its sense allows: at a blank line rather than a line end, a
 * line end rather than a sentence, a sentence rather than a comma. Addresses, `<a>` elements and what readers see as one
 * character stay whole as long as they fit into a part at all. Nothing is lost but white space at the cuts.
 */
export function split(text: string, limit: number): string[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  // Most texts fit, and finding their characters takes the longest.
  if (byteLength(trimmed) <= limit) return [trimmed];
  const parts: string[] = [];
  for (let rest = pieces(trimmed, limit); rest.length > 0; ) {
    const end = endOfPart(rest, limit);
    const part = rest.slice(0, end).join('').trim();
    if (part !== '') parts.push(part);
    rest = rest.slice(end);
  }
  return parts;
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

const element = /<a href="[^"]*">[^<]*<\/a>/;
const address = /https?:\/\/[!#-;=?-~]+/;
const whole = new RegExp(`(${element.source}|${address.source})`, 'i');
const characters = new Intl.Segmenter('zh-CN', { granularity: 'grapheme' });

/** What is not cut any further. */
function pieces(text: string, limit: number): string[] {
  const fits = (piece: string) => byteLength(piece) <= limit;
  return text.split(whole).flatMap((stretch, at) => {
    const isWhole = at % 2 === 1;
    if (isWhole && fits(stretch)) return [stretch];
    return Array.from(characters.segment(stretch), ({ segment }) => segment).flatMap((each) => (fits(each) ? [each] : [...each]));
  });
}

/** The best cut in the latter half of what fits: one further ahead might cost a message more. */
function endOfPart(pieces: readonly string[], limit: number): number {
  let best = { end: 1, rank: -1 };
  let bytes = 0;
  for (const [at, piece] of pieces.entries()) {
    bytes += byteLength(piece);
    if (bytes > limit) return best.end;
    const rank = bytes * 2 < limit ? -1 : rankOfCut(pieces, at + 1);
    if (rank >= best.rank) best = { end: at + 1, rank };
  }
  return pieces.length;
}

/** Where cuts are good, best first, by what stands before them. */
const cuts = [/\n\n$/, /\n$/, /(?:[。！？；…!?;][”’」』）)]*|[.!?;]\s)$/, /[，、,]\s?$|\s$/] as const;
const closes = /^[”’」』）)。！？；…，、]/;

function rankOfCut(pieces: readonly string[], end: number): number {
  const before = pieces.slice(Math.max(0, end - 4), end).join('');
  const found = closes.test(pieces[end] ?? '') ? -1 : cuts.findIndex((cut) => cut.test(before));
  return found === -1 ? 0 : cuts.length - found;
}
