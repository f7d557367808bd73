import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { readSources, type Source } from '../support/sources.ts';

/**
 * `npm run test:patterns`: every pattern of the product against texts made to keep it busy (ReDoS), as recheck finds them. Outside the usual
 * tests, for it thinks for minutes. Where it finds none within four seconds, there is taken to be none.
 */
process.env.RECHECK_BACKEND = 'pure';
const { checkSync } = await import('recheck');

interface Pattern {
  place: string;
  source: string;
  flags: string;
}

/** Nobody can send more in one message. */
const longest = 2_000;
const mostMs = 250;
/** Of which recheck knows no syntax; read by eye, each goes over a text once. */
const unread = new Set(['(?:密码|口令) *(?<secret>(?![:=])[!-~]{6,})']);

const patterns = readSources().flatMap(patternsIn);

describe('no text that fits into a message', () => {
  it('is looked for in hundreds of patterns', () => {
    expect(patterns.length).toBeGreaterThan(900);
  });

  it.each(patterns)('keeps $place busy: $source', ({ source, flags }) => {
    const { status, attack, error } = checkSync(source, flags, { timeout: 4_000, maxAttackStringSize: longest });
    if (error) expect(error.kind === 'timeout' || unread.has(source), `${error.kind}: ${source}`).toBe(true);
    if (status !== 'vulnerable' || !attack) return;
    const text = attack.string.slice(0, longest);
    const before = performance.now();
    new RegExp(source, flags).test(text);
    expect(performance.now() - before, `with ${JSON.stringify(text.slice(0, 80))} …`).toBeLessThan(mostMs);
  });
});

function patternsIn({ file, text }: Source): Pattern[] {
  const found: Pattern[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('regex' in node && 'start' in node) {
      const { pattern, flags } = node.regex as { pattern: string; flags: string };
      const line = text.slice(0, Number(node.start)).split('\n').length;
      found.push({ place: `${file}:${line}`, source: pattern, flags });
    } else for (const part of Object.values(node)) visit(part);
  };
  visit(parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }));
  return found;
}
