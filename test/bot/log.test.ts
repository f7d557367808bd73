import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLog } from '../../bot/log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const log = createLog({ logLevel: 'debug' }, { write: (line) => (text += line) });
  write(log);
  return text;
}

/** Ends of lines, what terminals obey, and what turns the direction of writing. */
const unruly = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\r', '\n', '\u001b[31m', '\u0085', '\u2028', '\u2029', '\u202e', '\u2066', '\u200f', '\u009b', '"', '\\'),
    fc.string(),
  ),
});

it('has one line for each event, whatever stands in it, and nothing that a terminal would obey', () => {
  fc.assert(
    fc.property(unruly, unruly, (value, message) => {
      const text = logged((log) => {
        log.info({ value, nested: { [value]: value } }, message);
        log.error({ err: new Error(message, { cause: new Error(value) }) }, 'failed');
      });
      const lines = text.split('\n');
      expect(lines).toHaveLength(3);
      expect(lines[2]).toBe('');
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ value, msg: message });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
      expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    }),
    { numRuns: 2_000 },
  );
});
