import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Activity, elsewhere, expectRefusal, png, serverForTests, type Talk } from './client.ts';
import { filePart, form, jpegHead, multipart, type Part, pictureOf, pngHead, samples, webpHead } from './samples.ts';

const server = serverForTests();

/** Uploads what is expected to be accepted, and gives the message that it became. */
async function uploaded(talk: Talk, body: unknown, headers: Record<string, string> = {}): Promise<Activity> {
  const answer = await talk.upload(body, headers);
  expect([answer.status, answer.body]).toEqual([200, { id: expect.any(String) }]);
  return talk.find(answer.body.id);
}

const named = (disposition: string) => ({ 'content-type': 'image/png', 'content-disposition': disposition });
const namesOf = ({ attachments = [] }: Activity) => attachments.map(({ name }) => name);

describe('one file as the body of the request', () => {
  it('becomes a message with an attachment', async () => {
    const message = await uploaded(await server.welcome(), png, named('name="file"; filename="license.png"'));
    expect(message).toMatchObject({
      type: 'message',
      attachments: [{ contentType: 'image/png', name: 'license.png', contentUrl: expect.stringMatching(/^https?:\/\//) }],
    });
  });

  it('is answered by the bot', async () => {
    const talk = await server.welcome();
    await talk.answerTo((await uploaded(talk, png, named('name="file"; filename="license.png"'))).id);
  });

  it('needs no name', async () => {
    expect(namesOf(await uploaded(await server.begin(), png, { 'content-type': 'image/png' }))).toEqual([expect.stringMatching(/./)]);
  });

  it('needs no type: that is found in its content', async () => {
    const message = await uploaded(await server.begin(), samples.pdf, { 'content-type': 'application/octet-stream' });
    expect(message.attachments).toMatchObject([{ contentType: 'application/pdf' }]);
  });

  it('is sent by the user of the address where the token names nobody', async () => {
    const talk = await server.begin();
    const { body } = await talk.call('POST', '/upload?userId=user-7', { body: png, headers: named('name="file"; filename="a.png"') });
    expect((await talk.find(body.id)).from.id).toBe('user-7');
  });

  it('is sent by the user of the token, whoever stands in the address', async () => {
    const talk = await server.welcome('dl_real');
    const { body } = await talk.call('POST', '/upload?userId=dl_other', { body: png, headers: named('name="file"; filename="a.png"') });
    expect((await talk.find(body.id)).from.id).toBe('dl_real');
  });

  it.each([
    ['in plain letters', 'name="file"; filename="license.png"', 'license.png'],
    ['without quotes', 'attachment; filename=license.png', 'license.png'],
    ['in capitals', 'attachment; FILENAME="license.png"', 'license.png'],
    ['encoded', "attachment; filename*=UTF-8''%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7.png", '营业执照.png'],
    ['in both ways', 'attachment; filename="x.png"; filename*=utf-8\'\'%E7%85%A7.png', '照.png'],
    ['with a semicolon', 'attachment; filename="a;b.png"', 'a;b.png'],
    ['with a quotation mark', 'attachment; filename="a\\"b.png"', 'a"b.png'],
    ['with a path', 'attachment; filename="../../etc/passwd.png"', 'passwd.png'],
    ['with a Windows path', "attachment; filename*=UTF-8''C%3A%5Cscan%5Cid.png", 'id.png'],
    ['with a path that is encoded', "attachment; filename*=UTF-8''..%2F..%2Fetc%2Fid.png", 'id.png'],
    ['with directions and line breaks', "attachment; filename*=UTF-8''a%E2%80%AEgnp%0D%0A%00.png", 'agnp.png'],
  ])('keeps its name %s, as something to show', async (_, disposition, name) => {
    expect(namesOf(await uploaded(await server.begin(), png, named(disposition)))).toEqual([name]);
  });

  it.each([
    ['dots', 'attachment; filename=".."'],
    ['broken encoding', "attachment; filename*=UTF-8''%E8%ZZ"],
    ['an empty text', 'attachment; filename=""'],
    ['spaces', 'attachment; filename="   "'],
  ])('gets a name of ours when its own is %s', async (_, disposition) => {
    expect(namesOf(await uploaded(await server.begin(), png, named(disposition)))).toEqual([expect.stringMatching(/^\w+$/)]);
  });

  it('gets a shorter name when its own is endless', async () => {
    const [name] = namesOf(await uploaded(await server.begin(), png, named(`attachment; filename="${'x'.repeat(5000)}.png"`)));
    expect(name?.length).toBeLessThanOrEqual(255);
    expect(name).toMatch(/\.png$/);
  });
});

describe('a form', () => {
  it.each(Object.entries(samples))('may carry a %s', async (_, content) => {
    await uploaded(await server.begin(), form([{ content }]));
  });

  it.each([
    ['PNG of 12,000 by 3,000', pngHead(12_000, 3_000)],
    ['JPEG of 40 megapixels', jpegHead(5_000, 8_000)],
    ['JPEG that tells its size behind 500 KB of other things', jpegHead(4_000, 3_000, 500_000)],
    ['WebP of 36 megapixels', webpHead(6_000, 6_000)],
    ['picture smaller than documents should be', pngHead(199, 199)],
  ])('may carry a %s', async (_, content) => {
    await uploaded(await server.begin(), form([{ content }]));
  });

  it('without an activity becomes an empty message', async () => {
    const message = await uploaded(await server.welcome(), form([{ content: png }]));
    expect(message.type).toBe('message');
    expect(message.text ?? '').toBe('');
  });

  it('keeps what its activity says', async () => {
    const channelData = { clientActivityID: 'u1' };
    const activity = { type: 'message', from: { id: 'visitor' }, text: '这是执照', locale: 'zh-CN', value: 5, channelData };
    expect(await uploaded(await server.begin(), form([{ content: png }], activity))).toMatchObject(activity);
  });

  it('takes from its activity what that says of each file, by name', async () => {
    const thumbnailUrl = `data:image/png;base64,${png.toString('base64')}`;
    const attachments = [
      { contentType: 'application/pdf', name: 'b.pdf' },
      { contentType: 'image/png', name: 'a.png', thumbnailUrl },
    ];
    const files = [
      { content: png, name: 'a.png' },
      { content: samples.pdf, name: 'b.pdf', type: 'application/pdf' },
    ];
    const message = await uploaded(await server.begin(), form(files, { type: 'message', attachments }));
    expect(message.attachments).toMatchObject([
      { contentType: 'image/png', name: 'a.png', thumbnailUrl },
      { contentType: 'application/pdf', name: 'b.pdf' },
    ]);
  });

  it('believes the content of a file, and not what is said of it', async () => {
    const contentUrl = 'https://evil.example/x.html';
    const activity = { type: 'message', attachments: [{ contentType: 'text/html', name: 'a.html', contentUrl }] };
    const message = await uploaded(await server.begin(), form([{ content: png, type: 'text/html', name: 'a.html' }], activity));
    expect(message.attachments).toMatchObject([{ contentType: 'image/png' }]);
    expect(message.attachments?.[0]?.contentUrl).not.toBe(contentUrl);
  });

  it('may carry five files, which stay in order', async () => {
    const files = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ content: png, name: `${name}.png` }));
    expect(namesOf(await uploaded(await server.begin(), form(files)))).toEqual(['a.png', 'b.png', 'c.png', 'd.png', 'e.png']);
  });

  it.each(['营业执照 (1).png', "l'été.png", 'a+b&c=d.png', '😀.png'])('keeps the name of a file: %s', async (name) => {
    expect(namesOf(await uploaded(await server.begin(), form([{ content: png, name }])))).toEqual([name]);
  });

  it('may carry files of ten megabytes', async () => {
    const message = await uploaded(await server.begin(), form([{ content: pictureOf(10 * 1024 * 1024) }]));
    const response = await fetch(message.attachments?.[0]?.contentUrl ?? '');
    expect((await response.arrayBuffer()).byteLength).toBe(10 * 1024 * 1024);
  });

  const activity = JSON.stringify({ type: 'message', from: { id: 'visitor' }, text: '见附件' });
  it.each([
    ['with a name and a file name', ['Content-Disposition: form-data; name="activity"; filename="blob"']],
    ['with a name only', ['Content-Disposition: form-data; name="activity"']],
    ['with another name', ['Content-Disposition: form-data; name="message"']],
  ])('has its activity known by type, %s', async (_, headers) => {
    const part = { headers: [...headers, 'Content-Type: application/vnd.microsoft.activity'], content: activity };
    const { body, headers: type } = multipart([filePart('a.png'), part]);
    expect((await uploaded(await server.begin(), body, type)).text).toBe('见附件');
  });

  it.each([
    ['first', (parts: Part[]) => parts],
    ['last', (parts: Part[]) => parts.toReversed()],
  ])('may carry its activity %s', async (_, arrange) => {
    const disposition = 'Content-Disposition: form-data; name="activity"; filename="blob"';
    const part = { headers: [disposition, 'Content-Type: application/vnd.microsoft.activity'], content: activity };
    const { body, headers } = multipart(arrange([part, filePart('a.png')]));
    const message = await uploaded(await server.begin(), body, headers);
    expect([message.text, namesOf(message)]).toEqual(['见附件', ['a.png']]);
  });
});

describe('an upload sent again', () => {
  const activity = { type: 'message', from: { id: 'dl_visitor' }, text: '执照', channelData: { clientActivityID: 'same' } };
  const again = () => form([{ content: png, name: 'a.png' }], activity);

  it('is answered with the id of the first, and has one turn', async () => {
    const talk = await server.welcome();
    const [first, second] = [await talk.upload(again()), await talk.upload(again())];
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect((await talk.settled()).filter(({ replyToId }) => replyToId === first.body.id)).toHaveLength(1);
  });

  it.skipIf(elsewhere)('leaves one copy of the file', async () => {
    const talk = await server.welcome();
    const folder = join(server.app.dataDir, 'files');
    await talk.upload(again());
    const before = readdirSync(folder);
    await talk.upload(again());
    await vi.waitFor(() => expect(readdirSync(folder)).toEqual(before));
  });

  it('leaves the first one’s file in place', async () => {
    const talk = await server.welcome();
    const { attachments } = await uploaded(talk, again());
    await talk.upload(again());
    expect((await fetch(attachments?.[0]?.contentUrl ?? '')).status).toBe(200);
  });

  it('is refused when its file is another', async () => {
    const talk = await server.welcome();
    await talk.upload(again());
    expectRefusal(await talk.upload(form([{ content: samples.jpeg, name: 'a.png' }], activity)), 409);
  });
});
