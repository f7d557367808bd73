import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { elsewhere, expectRefusal, serverForTests, type Talk } from './client.ts';

const server = serverForTests();

const mebibyte = 1024 * 1024;
const message = { type: 'message', from: { id: 'visitor' }, text: '备案要多久' };
const json = { 'content-type': 'application/json' };

/** Nothing that a client sends may keep the server from serving the next one. */
afterEach(async () => {
  const talk = await server.begin();
  await talk.answerTo(await talk.say('备案要多久'));
});

async function echoed(text: string): Promise<string | undefined> {
  const talk = await server.begin();
  return (await talk.find(await talk.say(text))).text;
}

describe('a text', () => {
  it.each([
    ['emoji of several code points', '备案👩‍👩‍👧‍👦🇨🇳✍🏽'],
    ['rare characters', '𠮷野家在𡋾坑'],
    ['combining marks', 'e\u0301\u0323 がぎ'],
    ['directions', 'שלום \u202Etxt.exe\u202C مرحبا'],
    ['line breaks and tabs', '第一行\n第二行\t完'],
    ['markup', '<script>alert(1)</script> [x](javascript:alert(1))'],
    ['what templates and databases would read', "{{7*7}} #{7*7} %00 ' OR 1=1 --"],
    ['a byte order mark inside', '备\uFEFF案'],
    ['spaces only', '   '],
    ['nothing', ''],
  ])('keeps %s as they are', async (_, text) => {
    expect(await echoed(text)).toBe(text);
  });

  it.each([
    ['control characters', '备\u0000\u0007\u001b[31m案\u007f\u0085', '备[31m案'],
    ['carriage returns', '一\r\n二', '一\n二'],
    ['halves of a surrogate pair', 'a\ud800b\udc00c', 'a\ufffdb\ufffdc'],
  ])('is freed of %s', async (_, text, clean) => {
    const talk = await server.begin();
    const { body } = await talk.post(JSON.stringify({ ...message, text }), json);
    expect((await talk.find(body.id)).text).toBe(clean);
  });

  it('may be long', async () => {
    const text = '备案'.repeat(40_000);
    expect(await echoed(text)).toBe(text);
  });

  // Its timeout is there to end it, should one message keep everybody waiting.
  it('of one endless word does not keep the server busy', { timeout: 2000 }, async () => {
    const talk = await server.begin();
    await talk.answerTo(await talk.say('x'.repeat(70_000)));
  });

  it.each([
    ['text', { text: 5 }],
    ['attachments', { attachments: 'none' }],
    ['length of its id', { id: 'x'.repeat(300) }],
    ['number of attachments', { attachments: Array(11).fill({ contentType: 'image/png' }) }],
  ])('is refused with a wrong %s', async (_, fields) => {
    expectRefusal(await (await server.begin()).post({ ...message, ...fields }), 400);
  });
});

describe('an activity as large as 256 KiB', () => {
  const sized = (bytes: number) => {
    const left = bytes - JSON.stringify({ ...message, text: '' }).length;
    return JSON.stringify({ ...message, text: '备'.repeat(Math.floor(left / 3)) + 'x'.repeat(left % 3) });
  };

  it('is accepted', async () => {
    expect((await (await server.begin()).post(sized(256 * 1024), json)).status).toBe(200);
  });

  it('with one byte more is refused', async () => {
    expectRefusal(await (await server.begin()).post(sized(256 * 1024 + 1), json), 413);
  });

  it.each([1, 10, 15])('times more, at %i MB, is refused, and the client gets to read why', async (megabytes) => {
    const talk = await server.begin();
    expectRefusal(await talk.post(sized(megabytes * mebibyte), json), 413);
    expectRefusal(await talk.post(streamed(sized(megabytes * mebibyte)), json), 413);
  });

  it.skipIf(elsewhere)('is refused when it has no end, and its sender is cut off', async () => {
    const socket = beginPosting(await server.begin(), 'Transfer-Encoding: chunked');
    const answered = once(socket, 'data');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const feed = () => {
      while (!socket.destroyed && socket.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`));
    };
    socket.on('error', () => undefined).on('drain', feed);
    feed();
    expect(String(await answered)).toMatch(/^HTTP\/1.1 413 /);
    await closed;
  });

  it('is not needed: a token is refused with less', async () => {
    const body = { user: { id: 'dl_visitor' }, padding: 'x'.repeat(64 * 1024) };
    expectRefusal(await server.call('POST', '/tokens/generate', { bearer: server.secret, body }), 413);
  });
});

describe('JSON', () => {
  const nested = (levels: number) => `{"type":"event","name":"x","value":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  it.each([
    ['cut off', '{"type":"message","text":"'],
    ['with a comma too many', '{"type":"message",}'],
    ['in single quotes', "{'type':'message'}"],
    ['with something after it', '{"type":"message"}x'],
    ['in another encoding', Buffer.from([0x7b, 0x22, 0xb1, 0xb8, 0x22, 0x3a, 0x31, 0x7d])],
    ['in UTF-16', Buffer.from('{"type":"message","text":"x"}', 'utf16le')],
    ['that is a list', '[{"type":"message","text":"x"}]'],
    ['that is a text', '"message"'],
    ['that is null', 'null'],
    ['that is a number', '1'],
    ['that is empty', '{}'],
    ['that sets a prototype', '{"type":"message","text":"x","channelData":{"__proto__":{"polluted":true}}}'],
    ['that sets a prototype by escapes', '{"type":"message","text":"x","\\u005f_proto__":{"polluted":true}}'],
    ['that sets the prototype of a constructor', '{"type":"message","text":"x","value":{"constructor":{"prototype":{"polluted":true}}}}'],
    ['nested beyond reason', nested(1000)],
    ['nested to exhaust the stack', nested(120_000)],
  ])('%s is refused', async (_, body) => {
    expectRefusal(await (await server.begin()).post(body, json), 400);
    expect({}).not.toHaveProperty('polluted');
  });

  it('nested as deep as cards are is accepted', async () => {
    expect((await (await server.begin()).post(nested(25), json)).status).toBe(200);
  });

  it('with a byte order mark in front is accepted', async () => {
    expect((await (await server.begin()).post(`\uFEFF${JSON.stringify(message)}`, json)).status).toBe(200);
  });

  it('is taken by the last of two equal names, as everywhere', async () => {
    const talk = await server.begin();
    const { body } = await talk.post('{"type":"message","text":"一","text":"二"}', json);
    expect((await talk.find(body.id)).text).toBe('二');
  });
});

describe('the type of a body', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])('may be %s', async (type) => {
    expect((await (await server.begin()).post(JSON.stringify(message), { 'content-type': type })).status).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=gbk',
    'application/json-seq',
    'multipart/form-data; boundary=x',
  ])('may not be %s', async (type) => {
    expectRefusal(await (await server.begin()).post(JSON.stringify(message), { 'content-type': type }), 415);
  });

  it('may not be left off', async () => {
    expectRefusal(await (await server.begin()).post(Buffer.from(JSON.stringify(message))), 415);
  });
});

describe('a compressed body', () => {
  const text = JSON.stringify(message);
  const compressed = (encoding: string) => ({ ...json, 'content-encoding': encoding });

  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['GZIP', gzipSync(text)],
    ['identity', Buffer.from(text)],
  ])('is accepted with %s', async (encoding, body) => {
    expect((await (await server.begin()).post(body, compressed(encoding))).status).toBe(200);
  });

  it.each(['br', 'zstd', 'compress', 'gzip, gzip', 'made-up'])('is refused with %s', async (encoding) => {
    expectRefusal(await (await server.begin()).post(gzipSync(text), compressed(encoding)), 415);
  });

  it.each([
    ['is not compressed', Buffer.from(text)],
    ['ends too early', gzipSync(text).subarray(0, -12)],
    ['was changed', gzipSync(text).map((byte, at) => (at === 15 ? byte ^ 0xff : byte))],
  ])('is refused when it %s', async (_, body) => {
    expectRefusal(await (await server.begin()).post(body, compressed('gzip')), 400);
  });

  it('is refused when it unpacks to more than it may have', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * mebibyte, ' '));
    expect(bomb.length).toBeLessThan(256 * 1024);
    expectRefusal(await (await server.begin()).post(bomb, compressed('gzip')), 413);
  });
});

it.skipIf(elsewhere)('a client that goes away in the middle of a body leaves nothing behind', async () => {
  const talk = await server.begin();
  const socket = beginPosting(talk, 'Content-Length: 1000');
  socket.write('{"type":"message","text":"备案');
  socket.end();
  await once(socket.resume(), 'close');
  expect(await talk.transcript()).toEqual([]);
});

/** Sent in chunks, without telling the length in advance. */
function streamed(text: string): ReadableStream {
  return new Blob([text]).stream();
}

/** The head of a request, its body to be written by the caller as no proper client would. */
function beginPosting({ id, token }: Talk, framing: string): Socket {
  const { hostname, port, pathname } = new URL(`${server.base}/conversations/${id}/activities`);
  const socket = connect(Number(port), hostname);
  const head = [`POST ${pathname} HTTP/1.1`, 'Host: test', `Authorization: Bearer ${token}`, 'Content-Type: application/json', framing];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  return socket;
}
