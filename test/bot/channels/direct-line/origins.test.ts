import { describe, expect, it } from 'vitest';
import { type Answer, elsewhere, expectRefusal, png, refusedStream, Stream, serverForTests } from './client.ts';

const agency = 'https://www.agency.example';
const partner = 'https://partner.example:8443';

/** What browsers ask before the calls of Direct Line JS. */
const asked = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization, content-type, accept, x-ms-bot-agent, x-requested-with',
};

const foreign = [
  'https://evil.example',
  'http://www.agency.example',
  'https://agency.example',
  'https://www.agency.example:444',
  'https://www.agency.example.evil.example',
  'https://evil.example/https://www.agency.example',
  'https://partner.example',
  'null',
  '',
];

describe.skipIf(elsewhere)('a server whose WIDGET_ORIGINS name two pages', () => {
  const server = serverForTests({ WIDGET_ORIGINS: `${agency},${partner}` });

  const preflight = (path: string, origin: string) => server.call('OPTIONS', path, { headers: { origin, ...asked } });
  const start = (origin: string, bearer = server.secret) => server.call('POST', '/conversations', { bearer, headers: { origin } });
  const words = (text: string | null) => (text ?? '').toLowerCase().split(/, */);

  function expectReadableBy(origin: string, { headers }: Answer): void {
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(words(headers.get('vary'))).toContain('origin');
  }

  const allowed = [
    ['a page of the list', () => agency],
    ['a page of the list with a port', () => partner],
    ['its own page', () => server.url],
    ['its own page by another name of this machine', () => `http://127.0.0.1:${server.app.port}`],
  ] as const;

  describe.each(allowed)('asked by a browser on %s', (_, origin) => {
    it.each([
      '/tokens/generate',
      '/tokens/refresh',
      '/conversations',
      '/conversations/any',
      '/conversations/any/activities',
      '/conversations/any/upload',
      '/session/getsessionid',
    ])('allows all that Direct Line JS sends to %s', async (path) => {
      const answer = await preflight(path, origin());
      expect([200, 204]).toContain(answer.status);
      expectReadableBy(origin(), answer);
      const { headers } = answer;
      expect(words(headers.get('access-control-allow-methods'))).toEqual(expect.arrayContaining(['get', 'post', 'options']));
      const wanted = words(asked['access-control-request-headers']);
      expect(words(headers.get('access-control-allow-headers'))).toEqual(expect.arrayContaining(wanted));
    });

    it('lets it read answers and refusals, and when to come back', async () => {
      const [answer, refused] = [await start(origin()), await start(origin(), '')];
      expect([answer.status, refused.status]).toEqual([201, 401]);
      for (const one of [answer, refused]) {
        expectReadableBy(origin(), one);
        expect(words(one.headers.get('access-control-expose-headers'))).toContain('retry-after');
      }
    });

    it('opens its stream', async () => {
      const { streamUrl } = (await start(origin())).body;
      await (await Stream.open(streamUrl, { origin: origin() })).close();
    });
  });

  describe.each(foreign)('asked by a browser on %j', (origin) => {
    it('refuses the question', async () => {
      const answer = await preflight('/conversations', origin);
      expectRefusal(answer, 403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    });

    it('refuses the call, and does nothing', async () => {
      const talk = await server.begin();
      const answer = await talk.post({ type: 'message', text: '你好' }, { origin });
      expectRefusal(answer, 403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(await talk.transcript()).toEqual([]);
    });

    it('refuses the stream, whose address remains good', async () => {
      const { streamUrl } = await server.begin();
      expectRefusal(await refusedStream(streamUrl, { headers: { origin } }), 403);
      await (await Stream.open(streamUrl, { origin: agency })).close();
    });
  });

  it('never allows every page', async () => {
    for (const answer of [await preflight('/conversations', agency), await start(agency), await server.call('OPTIONS', '/conversations')]) {
      expect(answer.headers.get('access-control-allow-origin')).not.toBe('*');
    }
  });

  it('tells caches that answers differ by page, also where no page asks', async () => {
    expect(words((await server.call('POST', '/conversations', { bearer: server.secret })).headers.get('vary'))).toContain('origin');
  });

  it('answers the question of a program, which has no origin', async () => {
    expect([200, 204]).toContain((await server.call('OPTIONS', '/conversations')).status);
  });

  describe('a token that trusts one page only', () => {
    const trusting = async (...trustedOrigins: string[]) => (await server.generate({ user: { id: 'dl_visitor' }, trustedOrigins })).token;

    it('is accepted on that page, and from programs', async () => {
      const bearer = await trusting(agency);
      expect((await start(agency, bearer)).status).toBe(201);
      expect((await server.call('POST', '/conversations', { bearer })).status).toBe(200);
    });

    it('is refused on every other page, at every route', async () => {
      const bearer = await trusting(agency);
      const { conversationId } = (await start(agency, bearer)).body;
      const headers = { origin: partner };
      const calls: [string, string, unknown][] = [
        ['POST', '/tokens/refresh', undefined],
        ['POST', '/conversations', {}],
        ['GET', `/conversations/${conversationId}`, undefined],
        ['GET', `/conversations/${conversationId}/activities`, undefined],
        ['POST', `/conversations/${conversationId}/activities`, { type: 'message', text: '你好' }],
        ['POST', `/conversations/${conversationId}/upload`, png],
        ['GET', '/session/getsessionid', undefined],
      ];
      for (const [method, path, body] of calls) expectRefusal(await server.call(method, path, { bearer, body, headers }), 403);
    });

    it('keeps its trust when it is refreshed, started and reconnected', async () => {
      const started = (await start(agency, await trusting(agency))).body;
      const path = `/conversations/${started.conversationId}`;
      const reconnected = (await server.call('GET', path, { bearer: started.token })).body;
      const refreshed = (await server.call('POST', '/tokens/refresh', { bearer: started.token })).body;
      for (const { token } of [started, reconnected, refreshed]) {
        expectRefusal(await server.call('GET', path, { bearer: token, headers: { origin: partner } }), 403);
        expect((await server.call('GET', path, { bearer: token, headers: { origin: agency } })).status).toBe(200);
      }
    });

    it('gives streams that open on that page only', async () => {
      const started = (await start(agency, await trusting(agency))).body;
      const path = `/conversations/${started.conversationId}`;
      const reconnected = (await server.call('GET', path, { bearer: started.token })).body;
      for (const { streamUrl } of [started, reconnected]) {
        expectRefusal(await refusedStream(streamUrl, { origin: partner }), 403);
        await (await Stream.open(streamUrl, { origin: agency })).close();
      }
    });

    it('does not open the server to a page that it does not know', async () => {
      expectRefusal(await start('https://evil.example', await trusting('https://evil.example')), 403);
    });

    it('may trust several', async () => {
      const bearer = await trusting(agency, partner);
      expect([(await start(agency, bearer)).status, (await start(partner, bearer)).status]).toEqual([201, 200]);
    });
  });
});

describe.skipIf(elsewhere)('a server with a public address', () => {
  const server = serverForTests({ PUBLIC_URL: 'https://bot.example.com' });
  const preflight = async (origin: string) => {
    const address = `http://127.0.0.1:${server.app.port}/v3/directline/conversations`;
    return (await fetch(address, { method: 'OPTIONS', headers: { origin, ...asked } })).status;
  };

  it('knows its own pages by that address only', async () => {
    expect(await preflight('https://bot.example.com')).toBe(204);
    expect(await preflight(`http://localhost:${server.app.port}`)).toBe(403);
  });
});
