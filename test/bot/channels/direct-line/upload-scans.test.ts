import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileRefused } from '../../../../dialogs/messages.ts';
import { infectedPdf, type Manner, ScriptedScanner } from '../../../support/scanner.ts';
import { elsewhere, expectRefusal, Server } from './client.ts';
import { form, pictureOf, refusedFiles, samples } from './samples.ts';

let scanner: ScriptedScanner;
let server: Server;

async function begin(environment: Record<string, string> = {}): Promise<void> {
  scanner = await ScriptedScanner.start();
  server = new Server();
  await server.start({ CLAMAV_ADDRESS: scanner.address, ...environment });
}
afterEach(async () => {
  await server.stop();
  await scanner.stop();
});

function filesOnDisk(): string[] {
  const folder = join(server.app.dataDir, 'files');
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** How often something came of a scan, by what came of it. */
async function scans(): Promise<Record<string, number>> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Object.fromEntries(
    [...text.matchAll(/^filing_scans_total\{result="([\w-]+)"\} ([1-9]\d*)$/gm)].map(([, result, count]) => [result, Number(count)]),
  );
}

const raw = { 'content-type': 'application/pdf', 'content-disposition': 'name="file"; filename="a.pdf"' };
const manners: [string, Manner][] = [
  ['says nothing that can be understood', { kind: 'says', bytes: 'stream: lstat() failed ERROR\0' }],
  ['has a limit below ours', { kind: 'says', bytes: 'INSTREAM size limit exceeded. ERROR\0' }],
  ['hangs up', { kind: 'hangs-up', at: 'end' }],
];

describe.skipIf(elsewhere)('where a scanner is required', () => {
  beforeEach(() => begin({ CLAMAV_REQUIRED: 'true' }));

  it('each file is scanned, as it is, before it is kept', async () => {
    const talk = await server.begin();
    const files = [...Object.values(samples), pictureOf(3_000_000)];
    expect((await talk.upload(form(files.map((content) => ({ content }))))).status).toBe(200);
    expect((await talk.upload(samples.pdf, raw)).status).toBe(200);
    const sent = [...files, samples.pdf];
    expect(scanner.files.map((file, at) => sent[at]?.equals(file))).toEqual(sent.map(() => true));
    expect(filesOnDisk()).toHaveLength(6);
    expect(await scans()).toEqual({ clean: 6 });
  });

  it('a file with the EICAR string is refused, with those beside it, and nothing of it is kept', async () => {
    const talk = await server.begin();
    for (const refused of [
      await talk.upload(infectedPdf, raw),
      await talk.upload(form([{ content: samples.png }, { content: infectedPdf }, { content: samples.jpeg }])),
    ]) {
      expectRefusal(refused, 422, 'FileInfected');
      expect(refused.body.error.message).toBe(fileRefused('infected'));
    }
    expect(filesOnDisk()).toEqual([]);
    expect(await talk.transcript()).toEqual([]);
    expect(await scans()).toEqual({ clean: 1, infected: 2 });
  });

  it('no file is taken while the scanner is down, with a word on what to do', async () => {
    const talk = await server.begin();
    await scanner.stop();
    const refused = await talk.upload(form([{ content: samples.png }]));
    expectRefusal(refused, 503, 'FileNotScanned');
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.body.error.message).toBe(fileRefused('unscanned'));
    expect(filesOnDisk()).toEqual([]);
    expect(await talk.transcript()).toEqual([]);
    expect(await scans()).toEqual({ unreachable: 1 });
  });

  it.each(manners)('no file is taken while the scanner %s', async (_, manner) => {
    scanner.manner = manner;
    expectRefusal(await (await server.begin()).upload(samples.pdf, raw), 503, 'FileNotScanned');
    expect(filesOnDisk()).toEqual([]);
  });

  it('what is refused for its kind is not sent to the scanner', async () => {
    const talk = await server.begin();
    for (const [, content] of refusedFiles.slice(0, 5)) expectRefusal(await talk.upload(content, raw), 415);
    expect(scanner.files).toEqual([]);
    expect(await scans()).toEqual({});
  });

  it('an upload that is cut off leaves nothing at either side', async () => {
    const talk = await server.begin();
    const headers = { authorization: `Bearer ${talk.token}`, 'content-type': 'image/png', 'content-length': 1_000_000 };
    const sent = request(`${server.base}/conversations/${talk.id}/upload`, { method: 'POST', headers }).on('error', () => undefined);
    sent.write(pictureOf(500_000));
    await vi.waitFor(() => expect(scanner.connections).toBe(1));
    sent.destroy();
    await vi.waitFor(() => expect(scanner.connections).toBe(0));
    await vi.waitFor(() => expect(filesOnDisk()).toEqual([]));
  });

  it('the state of the scanner is shown, and the bot stays in service without it', async () => {
    const ready = async () => {
      const response = await fetch(`${server.url}/readyz`);
      return [response.status, await response.json()];
    };
    const others = { process: 'ready', store: 'ready', knowledge: 'ready' };
    expect(await ready()).toEqual([200, { status: 'ready', parts: { ...others, scanner: 'ready' } }]);
    scanner.manner = { kind: 'deaf' };
    expect(await ready()).toEqual([200, { status: 'ready', parts: { ...others, scanner: 'not-ready' } }]);
    await scanner.stop();
    expect(await ready()).toEqual([200, { status: 'ready', parts: { ...others, scanner: 'not-ready' } }]);
  });
});

describe.skipIf(elsewhere)('where a scanner is not required', () => {
  beforeEach(() => begin());

  it('a file with the EICAR string is refused all the same', async () => {
    expectRefusal(await (await server.begin()).upload(infectedPdf, raw), 422, 'FileInfected');
    expect(filesOnDisk()).toEqual([]);
  });

  it('a file is kept while the scanner is down; its sender is told nothing of that', async () => {
    await scanner.stop();
    const talk = await server.begin();
    const { status, body } = await talk.upload(form([{ content: samples.png, name: 'a.png' }]));
    expect(status).toBe(200);
    expect((await talk.find(body.id)).attachments).toEqual([
      { contentType: 'image/png', name: 'a.png', contentUrl: expect.stringMatching(/^http/) },
    ]);
    expect(await scans()).toEqual({ unreachable: 1 });
  });

  it.each(manners)('a file is kept while the scanner %s', async (_, manner) => {
    scanner.manner = manner;
    expect((await (await server.begin()).upload(samples.pdf, raw)).status).toBe(200);
  });

  it('an upload sent again is the same, though the scanner has come back', async () => {
    const talk = await server.welcome();
    const activity = { type: 'message', text: '执照', channelData: { clientActivityID: 'same' } };
    const send = () => talk.upload(form([{ content: samples.png, name: 'a.png' }], activity));
    scanner.manner = { kind: 'hangs-up', at: 'end' };
    const first = await send();
    scanner.manner = { kind: 'honest' };
    const second = await send();
    expect([first.status, second.status, second.body]).toEqual([200, 200, first.body]);
    await vi.waitFor(() => expect(filesOnDisk()).toHaveLength(1));
  });
});
