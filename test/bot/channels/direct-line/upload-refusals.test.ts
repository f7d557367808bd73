import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileRefusal } from '../../../../dialogs/message.ts';
import { fileRefused } from '../../../../dialogs/messages.ts';
import { lockedPdf, packedPdf, pages, pdfOf } from '../../../support/pdf.ts';
import { elsewhere, expectRefusal, png, serverForTests } from './client.ts';
import { blob, filePart, form, jpegHead, multipart, pictureOf, pngHead, refusedFiles, webpHead } from './samples.ts';

const server = serverForTests();

const megabytes = (count: number) => count * 1024 * 1024;
const raw = { 'content-type': 'image/png', 'content-disposition': 'name="file"; filename="a.png"' };

function filesOnDisk(): string[] {
  const folder = join(server.app.dataDir, 'files');
  return existsSync(folder) ? readdirSync(folder) : [];
}

let before: string[] = [];
beforeEach(() => {
  if (!elsewhere) before = filesOnDisk();
});

/** Every upload here is refused, so none may leave anything on disk. */
afterEach(() => {
  if (!elsewhere) expect(filesOnDisk()).toEqual(before);
});

describe('a file that is neither a picture nor a PDF document', () => {
  it.each(refusedFiles)('is refused as the body of a request: %s', async (_, content) => {
    const talk = await server.begin();
    expectRefusal(await talk.upload(content, raw), 415);
    expect(await talk.transcript()).toEqual([]);
  });

  it.each(refusedFiles)('is refused in a form, whatever it claims to be: %s', async (_, content) => {
    expectRefusal(await (await server.begin()).upload(form([{ content, type: 'image/png', name: 'a.png' }])), 415);
  });

  it.each(refusedFiles)('is refused together with the pictures beside it: %s', async (_, content) => {
    const talk = await server.begin();
    expectRefusal(await talk.upload(form([{ content: png }, { content }, { content: png }])), 415);
    expect(await talk.transcript()).toEqual([]);
  });

  it('is refused when it is large, too', async () => {
    const text = Buffer.alloc(megabytes(8), '字');
    expectRefusal(await (await server.begin()).upload(text, raw), 415);
    expectRefusal(await (await server.begin()).upload(form([{ content: png }, { content: text }])), 415);
  });
});

describe('an upload that is too large', () => {
  it('is refused as the body of a request', async () => {
    expectRefusal(await (await server.begin()).upload(pictureOf(megabytes(10) + 1), raw), 413);
  });

  it('is refused in a form, with the files beside it', async () => {
    expectRefusal(await (await server.begin()).upload(form([{ content: png }, { content: pictureOf(megabytes(10) + 1) }])), 413);
  });

  it('is refused in chunks of unknown number', async () => {
    const body = blob(pictureOf(megabytes(11)), 'image/png').stream();
    expectRefusal(await (await server.begin()).upload(body, raw), 413);
  });

  it.each([6, 7, 50])('is refused with %i files', async (count) => {
    const talk = await server.begin();
    expectRefusal(await talk.upload(form(Array.from({ length: count }, () => ({ content: png })))), 413);
    expect(await talk.transcript()).toEqual([]);
  });

  it('is refused with an activity of more than 256 KiB', async () => {
    const activity = { type: 'message', text: '字'.repeat(100_000) };
    expectRefusal(await (await server.begin()).upload(form([{ content: png }], activity)), 413);
  });
});

describe('a picture with too many pixels', () => {
  const bombs: [kind: string, content: Buffer][] = [
    ['a PNG that is too wide', pngHead(12_001, 10)],
    ['a PNG that is too high', pngHead(10, 12_001)],
    ['a PNG of more than 40 megapixels', pngHead(10_000, 4_001)],
    ['a PNG of all the pixels it can name', pngHead(0x7fffffff, 0x7fffffff)],
    ['a JPEG', jpegHead(65_535, 65_535)],
    ['a JPEG, told behind 500 KB of other things', jpegHead(65_535, 65_535, 500_000)],
    ['a WebP', webpHead(16_383, 16_383)],
    ['a WebP with the largest canvas', webpHead(0x1000000, 0x1000000)],
  ];

  it.each(bombs)('is refused as the body of a request: %s', async (_, content) => {
    const refusal = await (await server.begin()).upload(content, raw);
    expectRefusal(refusal, 413);
    expect(refusal.body.error.code).toBe('PictureTooLarge');
  });

  it.each(bombs)('is refused with the pictures beside it: %s', async (_, content) => {
    const talk = await server.begin();
    expectRefusal(await talk.upload(form([{ content: png }, { content }])), 413);
    expect(await talk.transcript()).toEqual([]);
  });
});

describe('a PDF document', () => {
  const sent = { 'content-type': 'application/pdf', 'content-disposition': 'name="file"; filename="a.pdf"' };
  const refused: [what: string, content: Buffer, status: number, code: string, why: FileRefusal][] = [
    ['of 21 pages', pdfOf(pages(21)), 413, 'PdfTooLong', 'pdf-too-long'],
    ['of 21 pages, compressed', packedPdf(pages(21)), 413, 'PdfTooLong', 'pdf-too-long'],
    ['that opens with a password', lockedPdf(pages(1), '123456'), 422, 'PdfLocked', 'pdf-locked'],
    ['that is broken', pdfOf(pages(1)).subarray(0, 60), 422, 'PdfUnreadable', 'pdf-unreadable'],
    ['that unfolds to gigabytes', packedPdf(pages(1), 2_000), 422, 'PdfUnreadable', 'pdf-unreadable'],
  ];

  it.each(refused)('is refused with what to do: %s', async (_, content, status, code, why) => {
    const talk = await server.begin();
    const answer = await talk.upload(content, sent);
    expectRefusal(answer, status, code);
    expect(answer.body.error.message).toBe(fileRefused(why));
    expect(await talk.transcript()).toEqual([]);
  });

  it('is refused with the pictures beside it', async () => {
    const talk = await server.begin();
    expectRefusal(await talk.upload(form([{ content: png }, { content: pdfOf(pages(21)), name: 'a.pdf' }, { content: png }])), 413);
    expect(await talk.transcript()).toEqual([]);
  });

  it('keeps nobody waiting while it is looked at', async () => {
    const looking = (await server.begin()).upload(packedPdf(pages(1), 2_000), sent);
    const others = [];
    const quick = await server.begin();
    for (let at = 0; at < 5; at += 1) others.push((await quick.call('GET', '/activities')).status);
    expect(others).toEqual(Array(5).fill(200));
    expect(await Promise.race([looking.then(() => 'looked at'), Promise.resolve('looking')])).toBe('looking');
    expectRefusal(await looking, 422);
  });
});

describe('an upload whose activity', () => {
  const withActivity = (text: string) => {
    const data = form([{ content: png }]);
    data.append('activity', new Blob([text], { type: 'application/vnd.microsoft.activity' }));
    return data;
  };

  it.each([
    ['is no JSON', '{'],
    ['is a list', '[]'],
    ['has no type', '{}'],
    ['is an event', '{"type":"event","name":"x"}'],
    ['is a handoff event', '{"type":"event","name":"handoff.initiate"}'],
    ['is a conversation update', '{"type":"conversationUpdate"}'],
    ['has a wrong text', '{"type":"message","text":5}'],
    ['sets a prototype', '{"type":"message","channelData":{"__proto__":{"polluted":true}}}'],
    ['is nested beyond reason', `{"type":"message","value":${'['.repeat(1000)}${']'.repeat(1000)}}`],
    ['is nested to exhaust the stack', `{"type":"message","value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('%s is refused', async (_, text) => {
    const talk = await server.begin();
    expectRefusal(await talk.upload(withActivity(text)), 400);
    expect(await talk.transcript()).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a form that is no form', () => {
  const { body: wellFormed, headers } = multipart([filePart('a.png')]);
  const activityPart = { headers: ['Content-Disposition: form-data; name="activity"'], content: '{"type":"message"}' };

  it.each([
    ['names no boundary', wellFormed, { 'content-type': 'multipart/form-data' }],
    ['names another boundary', wellFormed, { 'content-type': 'multipart/form-data; boundary=another' }],
    ['has no end', multipart([filePart('a.png')], { closed: false }).body, headers],
    ['ends within a file', wellFormed.subarray(0, 150), headers],
    ['is empty', Buffer.from('--x-boundary--\r\n'), headers],
    ['is nothing', Buffer.alloc(0), headers],
    ['carries no file', multipart([activityPart]).body, headers],
  ])('is refused, and not waited for, when it %s', async (_, body, type) => {
    const talk = await server.begin();
    expectRefusal(await talk.call('POST', '/upload', { body, headers: type, signal: AbortSignal.timeout(2000) }), 400);
    expect(await talk.transcript()).toEqual([]);
  });
});

describe.skipIf(elsewhere)('an upload whose client goes away', () => {
  const head = Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n');

  it.each([
    ['in a form', 'multipart/form-data; boundary=x', Buffer.concat([head, pictureOf(100_000)])],
    ['as a body', 'image/png', pictureOf(100_000)],
  ])('leaves nothing on disk, sent %s', async (_, type, beginning) => {
    const talk = await server.begin();
    const { hostname, port, pathname } = new URL(`${server.base}/conversations/${talk.id}/upload`);
    const socket = connect(Number(port), hostname);
    socket.write(`POST ${pathname} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer ${talk.token}\r\nContent-Type: ${type}\r\n`);
    socket.write('Content-Length: 5000000\r\n\r\n');
    socket.write(beginning);
    await vi.waitFor(() => expect(filesOnDisk()).toHaveLength(before.length + 1), 3000);
    socket.destroy();
    await vi.waitFor(() => expect(filesOnDisk()).toEqual(before), 3000);
  });
});
