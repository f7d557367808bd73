import { Readable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../../bot/config.ts';
import { Clamd } from '../../../bot/documents/clamd.ts';
import { Scanner } from '../../../bot/documents/scanner.ts';
import { Metrics } from '../../../bot/metrics.ts';
import { infectedPdf, type Manner, ScriptedScanner } from '../../support/scanner.ts';

let clamd: ScriptedScanner;
let lines: Record<string, unknown>[];
beforeEach(async () => {
  clamd = await ScriptedScanner.start();
  lines = [];
});
afterEach(() => clamd.stop());

function scanner(required: boolean): Scanner {
  const found = readConfig({ CLAMAV_ADDRESS: clamd.address }).scanner;
  if (!found) throw new Error('A scanner was set, and is not there.');
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(JSON.parse(line)) });
  return new Scanner({ clamd: new Clamd(found.address), required, metrics: new Metrics(), log });
}

/** What comes out behind the scanner of a file that goes in, or why it is refused. */
async function passed(file: Buffer, required: boolean): Promise<string> {
  let note = '';
  const content = scanner(required).watch(Readable.from([file]), () => {
    note = ', unscanned';
  });
  try {
    return `${Buffer.concat(await Readable.from(content).toArray()).equals(file) ? 'kept' : 'changed'}${note}`;
  } catch (error) {
    return (error as { why?: string }).why ?? String(error);
  }
}

const clean = Buffer.from('a clean file');

describe('what comes of a file', () => {
  it.each<[string, Buffer, Manner, { required: string; not: string; log: object[] }]>([
    ['that is clean', clean, { kind: 'honest' }, { required: 'kept', not: 'kept', log: [] }],
    [
      'that is infected',
      infectedPdf,
      { kind: 'honest' },
      {
        required: 'infected',
        not: 'infected',
        log: [{ level: 40, signature: 'Eicar-Signature', msg: 'upload refused: the scanner found something in it' }],
      },
    ],
    [
      'about which nobody answers',
      clean,
      { kind: 'hangs-up', at: 'end' },
      { required: 'unscanned', not: 'kept, unscanned', log: [{ level: 40, why: 'cut-off', msg: 'upload not scanned' }] },
    ],
    [
      'about which something else is said',
      clean,
      { kind: 'says', bytes: 'stream: out of memory ERROR\0' },
      {
        required: 'unscanned',
        not: 'kept, unscanned',
        log: [{ level: 40, why: 'not-understood', said: 'stream: out of memory ERROR', msg: 'upload not scanned' }],
      },
    ],
  ])('%s', async (_, file, manner, { required, not, log }) => {
    clamd.manner = manner;
    expect(await passed(file, true)).toBe(required);
    expect(await passed(file, false)).toBe(not);
    expect(lines).toEqual([...log, ...log]);
  });
});
