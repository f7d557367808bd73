import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../bot/config.ts';
import { Clamd, type Verdict } from '../../../bot/documents/clamd.ts';
import { documentLimits } from '../../../bot/documents/store-document.ts';
import { type ClamdServer, findClamd, startClamd } from '../../support/clamd.ts';
import { isThorough } from '../../support/sample.ts';
import { eicar, infectedPdf } from '../../support/scanner.ts';
import { expectRefusal, Server } from '../channels/direct-line/client.ts';
import { form, pictureOf, samples } from '../channels/direct-line/samples.ts';

/** Installing ClamAV starts services that fetch its signatures, so only a thorough run installs it. */
const isHere = isThorough || findClamd(process.env.PATH) !== undefined;

describe.skipIf(!isHere)('ClamAV itself', () => {
  let clamd: ClamdServer;
  const bot = new Server();
  beforeAll(async () => {
    clamd = await startClamd([`StreamMaxLength ${documentLimits.bytesPerFile}`]);
    await bot.start({ CLAMAV_ADDRESS: clamd.socket, CLAMAV_REQUIRED: 'true' });
  });
  afterAll(async () => {
    await bot.stop();
    await clamd.stop();
  });

  const at = (address: string): Clamd => {
    const { scanner } = readConfig({ CLAMAV_ADDRESS: address });
    if (!scanner) throw new Error('A scanner was set, and is not there.');
    return new Clamd(scanner.address);
  };

  async function verdictOn(file: Buffer, address = clamd.socket): Promise<Verdict> {
    const scan = at(address).scan();
    const chunk = 64 * 1024;
    for (let from = 0; from < file.length; from += chunk) await scan.push(file.subarray(from, from + chunk));
    return scan.end();
  }

  const found = { outcome: 'infected', signature: expect.stringContaining('EICAR') };

  it.each(['socket', 'port'] as const)('answers at its %s', async (way) => {
    expect(await at(clamd[way]).ping(5_000)).toBe('pong');
    expect(await verdictOn(Buffer.from(eicar), clamd[way])).toEqual(found);
    expect(await verdictOn(samples.pdf, clamd[way])).toEqual({ outcome: 'clean' });
  });

  it.each([
    ['the largest file that we take', Buffer.alloc(documentLimits.bytesPerFile), { outcome: 'clean' }],
    [
      'the EICAR string at the end of the largest file',
      Buffer.concat([pictureOf(documentLimits.bytesPerFile - 68), Buffer.from(eicar)]),
      found,
    ],
    ['a byte more than StreamMaxLength', Buffer.alloc(documentLimits.bytesPerFile + 1), { outcome: 'unscanned', why: 'too-large' }],
    ['twice as much', Buffer.alloc(2 * documentLimits.bytesPerFile), { outcome: 'unscanned', why: 'too-large' }],
  ])('says of %s what we expect', async (_, file, verdict) => {
    expect(await verdictOn(file)).toEqual(verdict);
  });

  it('keeps the EICAR string out, and lets the others in', async () => {
    const talk = await bot.begin();
    expectRefusal(await talk.upload(form([{ content: samples.png }, { content: infectedPdf }])), 422, 'FileInfected');
    expect((await talk.upload(form(Object.values(samples).map((content) => ({ content }))))).status).toBe(200);
    expect((await talk.transcript()).flatMap(({ attachments = [] }) => attachments)).toHaveLength(4);
  });

  it('keeps every file out while it hangs, and none when it is back', async () => {
    const talk = await bot.begin();
    clamd.signal('SIGSTOP');
    const began = performance.now();
    const refused = await talk.upload(form([{ content: samples.png }]));
    clamd.signal('SIGCONT');
    expectRefusal(refused, 503, 'FileNotScanned');
    expect(performance.now() - began).toBeLessThan(15_000);
    expect((await talk.upload(form([{ content: samples.png }]))).status).toBe(200);
  });
});
