import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../bot/paths.ts';

/**
 * `npm run test:patterns`: every pattern of the product against texts made to keep it busy (ReDoS), as recheck finds them. Outside the usual
 * tests, for it thinks for minutes.
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

const patterns = ['bot', 'dialogs', 'knowledge'].flatMap((floor) =>
  readdirSync(join(projectRoot, floor), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .flatMap(({ parentPath, name }) => patternsIn(join(parentPath, name))),
);

describe('no text that fits into a message', () => {
  it('is told of fewer patterns than there are', () => {
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

function patternsIn(file: string): Pattern[] {
  const code = readFileSync(file, 'utf8');
  const found: Pattern[] = [];
  JSON.stringify(parseAst(code, { lang: file.endsWith('x') ? 'tsx' : 'ts' }), (_, node: unknown) => {
    const { pattern, flags } = (node as { regex?: { pattern: string; flags: string } } | null)?.regex ?? {};
    if (pattern !== undefined && flags !== undefined) {
      const line = code.slice(0, (node as { start: number }).start).split('\n').length;
      found.push({ place: `${file.slice(projectRoot.length + 1)}:${line}`, source: pattern, flags });
    }
    return typeof node === 'bigint' ? String(node) : node;
  });
  return found;
}
