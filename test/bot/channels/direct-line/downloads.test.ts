import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Tokens } from '../../../../bot/channels/direct-line/tokens.ts';
import { type Body, elsewhere, expectRefusal, serverForTests, type Talk } from './client.ts';
import { form, samples } from './samples.ts';

const server = serverForTests();

/** The addresses of files that were uploaded together. */
async function uploaded(talk: Talk, ...contents: Buffer[]): Promise<URL[]> {
  const { body } = await talk.upload(form(contents.map((content) => ({ content }))));
  return ((await talk.find(body.id)).attachments ?? []).map(({ contentUrl }) => new URL(contentUrl));
}

async function refusal(address: string | URL): Promise<{ status: number; body: Body }> {
  const response = await fetch(address);
  return { status: response.status, body: (await response.json()) as Body };
}

describe('an uploaded file', () => {
  it.each(Object.entries(samples))('is given back as it came: %s', async (_, content) => {
    const [address = ''] = await uploaded(await server.begin(), content);
    const response = await fetch(address);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
    expect(response.headers.get('content-length')).toBe(String(content.length));
  });

  it.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
    ['pdf', 'application/pdf'],
  ] as const)('cannot run in a browser: %s', async (kind, type) => {
    const [address = ''] = await uploaded(await server.begin(), samples[kind]);
    const { headers } = await fetch(address);
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toMatch(/^attachment\b/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/^sandbox;.*default-src 'none'/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('keeps its hostile name out of the answer', async () => {
    const talk = await server.begin();
    const { body } = await talk.upload(form([{ content: samples.png, name: 'a"\u2028;x=<script>.html' }]));
    const { attachments } = await talk.find(body.id);
    const { headers } = await fetch(attachments?.[0]?.contentUrl ?? '');
    expect(headers.get('content-disposition')).not.toMatch(/script|html/);
  });

  it('can be fetched several times', async () => {
    const [address = ''] = await uploaded(await server.begin(), samples.png);
    expect([(await fetch(address)).status, (await fetch(address)).status]).toEqual([200, 200]);
  });

  it('has a working address every time the conversation is read', async () => {
    const talk = await server.begin();
    await uploaded(talk, samples.png);
    for (const activities of [await talk.transcript(), await talk.transcript()]) {
      expect((await fetch(activities[0]?.attachments?.[0]?.contentUrl ?? '')).status).toBe(200);
    }
  });
});

describe('the address of a file', () => {
  let mine: URL;
  let alsoMine: URL;
  let theirs: URL;
  let talk: Talk;
  beforeAll(async () => {
    talk = await server.begin();
    [mine, alsoMine] = (await uploaded(talk, samples.png, samples.jpeg)) as [URL, URL];
    [theirs] = (await uploaded(await server.begin(), samples.png)) as [URL];
  });

  const withTicket = (address: URL, ticket: string) => `${address.origin}${address.pathname}?t=${ticket}`;
  const ticketOf = (address: URL) => address.searchParams.get('t') ?? '';

  it('is absolute, and does not tell the token', () => {
    expect(mine.origin).toBe(new URL(server.url).origin);
    expect(mine.href).not.toContain(talk.token);
  });

  it('cannot be guessed', () => {
    expect(mine.pathname).toMatch(/\/files\/[\w-]{22,}$/);
  });

  it.each([
    ['another file of the same conversation', () => withTicket(mine, ticketOf(alsoMine))],
    ['a file of another conversation', () => withTicket(theirs, ticketOf(mine))],
    ['the same file in another conversation', () => mine.href.replace(talk.id, 'no-such-conversation')],
  ])('does not open %s', async (_, address) => {
    expectRefusal(await refusal(address()), 403);
  });

  it.each([
    ['nothing', () => ''],
    ['made up', () => 'made-up'],
    ['a token', () => talk.token],
    ['the secret', () => server.secret],
    ['the ticket of a stream', () => new URL(talk.streamUrl).searchParams.get('t') ?? ''],
  ])('needs its ticket: %s is none', async (_, ticket) => {
    expectRefusal(await refusal(withTicket(mine, ticket())), 403);
  });

  it('is of no use as a token', async () => {
    expectRefusal(await talk.call('GET', '/activities', { bearer: ticketOf(mine) }), 403);
  });

  const otherNames = ['..%2f..%2fpackage.json', '..%5c..%5cpackage.json', '%00', 'x'.repeat(32)];
  it.each(otherNames)('does not lead out of the folder of files: %s', async (file) => {
    const address = `${server.base}/conversations/${talk.id}/files/${file}?t=${ticketOf(mine)}`;
    expectRefusal(await refusal(address), 403);
  });

  it.skipIf(elsewhere)('expires', async () => {
    const file = mine.pathname.split('/').at(-1) ?? '';
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 25 * 3_600_000 });
    const expired = await new Tokens([server.secret]).issue('file', { conv: talk.id, file }).finally(() => vi.useRealTimers());
    expectRefusal(await refusal(withTicket(mine, expired)), 403);
  });

  it.skipIf(elsewhere)('finds 404 where the file is gone', async () => {
    const file = 'x'.repeat(32);
    const ticket = await new Tokens([server.secret]).issue('file', { conv: talk.id, file });
    expectRefusal(await refusal(`${server.base}/conversations/${talk.id}/files/${file}?t=${ticket}`), 404);
  });
});
