import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../../bot/config.ts';
import { Clamd, type Verdict } from '../../../bot/documents/clamd.ts';
import { infectedPdf, type Manner, ScriptedScanner } from '../../support/scanner.ts';

const patience = { reachMs: 300, answerMs: 300 };

let scanner: ScriptedScanner;
beforeEach(async () => {
  scanner = await ScriptedScanner.start();
});
afterEach(() => scanner.stop());

function clamdAt(address: string): Clamd {
  const found = readConfig({ CLAMAV_ADDRESS: address }).scanner;
  if (!found) throw new Error('A scanner was set, and is not there.');
  return new Clamd(found.address, patience);
}

async function verdictOn(chunks: readonly Buffer[], address = scanner.address): Promise<Verdict> {
  const scan = clamdAt(address).scan();
  for (const chunk of chunks) await scan.push(chunk);
  return scan.end();
}

const megabytes = (count: number) => Array.from({ length: count * 16 }, () => Buffer.alloc(64 * 1024, 1));

describe('the scanner', () => {
  it.each<[string, Verdict]>([
    ['stream: OK\0', { outcome: 'clean' }],
    ['stream: Eicar-Signature FOUND\0', { outcome: 'infected', signature: 'Eicar-Signature' }],
    ['stream: Win.Test.EICAR_HDB-1(44d88612:68) FOUND\0', { outcome: 'infected', signature: 'Win.Test.EICAR_HDB-1(44d88612:68)' }],
    ['INSTREAM size limit exceeded. ERROR\0', { outcome: 'unscanned', why: 'too-large' }],
    [
      'stream: Can’t allocate memory ERROR\0',
      { outcome: 'unscanned', why: 'not-understood', said: 'stream: Can\u0019t allocate memory ERROR' },
    ],
    ['UNKNOWN COMMAND\0', { outcome: 'unscanned', why: 'not-understood', said: 'UNKNOWN COMMAND' }],
    ['\0', { outcome: 'unscanned', why: 'not-understood', said: '' }],
    ['stream:  FOUND\0', { outcome: 'unscanned', why: 'not-understood', said: 'stream:  FOUND' }],
    ['not stream: OK\0', { outcome: 'unscanned', why: 'not-understood', said: 'not stream: OK' }],
    [`${'x'.repeat(1000)}\0`, { outcome: 'unscanned', why: 'not-understood', said: 'x'.repeat(200) }],
    ['stream: OK', { outcome: 'unscanned', why: 'cut-off' }],
    ['x'.repeat(100_000), { outcome: 'unscanned', why: 'not-understood' }],
    ['', { outcome: 'unscanned', why: 'cut-off' }],
  ])('that says %j', async (bytes, verdict) => {
    scanner.manner = { kind: 'says', bytes };
    expect(await verdictOn([Buffer.from('a file')])).toEqual(verdict);
  });

  it('that says it letter by letter', async () => {
    scanner.manner = { kind: 'says', bytes: 'stream: Slow.Virus FOUND\0', slowly: true };
    expect(await verdictOn([Buffer.from('a file')])).toEqual({ outcome: 'infected', signature: 'Slow.Virus' });
  });

  it.each<[string, Verdict]>([
    ['stream: OK\0', { outcome: 'unscanned', why: 'not-understood' }],
    ['stream: Early.Virus FOUND\0', { outcome: 'infected', signature: 'Early.Virus' }],
  ])('that says %j before it has seen the whole file', async (bytes, verdict) => {
    scanner.manner = { kind: 'says', bytes, hastily: true };
    const scan = clamdAt(scanner.address).scan();
    await scan.push(Buffer.from('the beginning of a file'));
    await vi.waitFor(() => expect([scanner.answers, scanner.connections]).toEqual([1, 0]));
    await scan.push(Buffer.from('and its end'));
    expect(await scan.end()).toEqual(verdict);
  });

  it.each<[string, Manner, string, Buffer[]]>([
    ['says nothing', { kind: 'silent' }, 'silent', [Buffer.from('a file')]],
    ['takes nothing', { kind: 'deaf' }, 'silent', megabytes(10)],
    ['takes nothing of a small file', { kind: 'deaf' }, 'silent', [Buffer.from('a file')]],
    ['hangs up at the end', { kind: 'hangs-up', at: 'end' }, 'cut-off', [Buffer.from('a file')]],
    ['hangs up in the midst', { kind: 'hangs-up', at: 'midst' }, 'cut-off', megabytes(10)],
  ])('that %s leaves the file unscanned, in time', async (_, manner, why, chunks) => {
    scanner.manner = manner;
    const began = performance.now();
    expect(await verdictOn(chunks)).toEqual({ outcome: 'unscanned', why });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('that is not there leaves the file unscanned', async () => {
    await scanner.stop();
    expect(await verdictOn(megabytes(1))).toEqual({ outcome: 'unscanned', why: 'unreachable' });
    expect(await verdictOn([Buffer.from('x')], '/nowhere/clamd.ctl')).toEqual({ outcome: 'unscanned', why: 'unreachable' });
  });

  it('that takes less than the file has leaves it unscanned', async () => {
    scanner.mostBytes = 1024 * 1024;
    expect(await verdictOn(megabytes(4))).toMatchObject({ outcome: 'unscanned', why: expect.stringMatching(/^(too-large|cut-off)$/) });
  });
});

describe('a file', () => {
  it('arrives as it is, however it is cut', async () => {
    const file = randomBytes(300_000);
    const chunks: Buffer[] = [Buffer.alloc(0)];
    for (let at = 0, size = 1; at < file.length; at += size, size = (size * 7) % 65_521) chunks.push(file.subarray(at, at + size));
    expect(await verdictOn([...chunks, Buffer.alloc(0)])).toEqual({ outcome: 'clean' });
    expect(scanner.files.map((arrived) => arrived.equals(file))).toEqual([true]);
  });

  it('may come as slowly as its sender likes', async () => {
    const scan = clamdAt(scanner.address).scan();
    await scan.push(infectedPdf.subarray(0, 40));
    await pause(2 * patience.answerMs);
    await scan.push(infectedPdf.subarray(40));
    expect(await scan.end()).toMatchObject({ outcome: 'infected' });
  });

  it('is told from others that are scanned at the same time', async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 60 }, (_, at) => verdictOn([at % 3 === 0 ? infectedPdf : Buffer.from(`file ${at}`)])),
    );
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(verdicts.map((_, at) => (at % 3 === 0 ? 'infected' : 'clean')));
  });

  it('that is given up leaves no connection', async () => {
    const scan = clamdAt(scanner.address).scan();
    await scan.push(Buffer.from('half a file'));
    await vi.waitFor(() => expect(scanner.connections).toBe(1));
    scan.close();
    await scan.push(Buffer.from('and more'));
    expect(await scan.end()).toEqual({ outcome: 'unscanned', why: 'cut-off' });
    await vi.waitFor(() => expect(scanner.connections).toBe(0));
  });

  it('goes to a socket of this machine as well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'filing-clamd-'));
    const beside = await ScriptedScanner.start(join(folder, 'clamd.ctl'));
    expect(await verdictOn([infectedPdf], beside.address)).toEqual({ outcome: 'infected', signature: 'Eicar-Signature' });
    await beside.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('a ping', () => {
  it('is answered by a scanner that is there', async () => {
    expect(await clamdAt(scanner.address).ping(300)).toBe('pong');
  });

  it('is over in its time', async () => {
    scanner.manner = { kind: 'deaf' };
    expect(await clamdAt(scanner.address).ping(50)).toBe('silent');
    await scanner.stop();
    expect(await clamdAt(scanner.address).ping(50)).toBe('unreachable');
  });
});
