import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Step, type Store, StoreUnavailable } from '../../../../bot/store/store.ts';
import { elsewhere, expectRefusal, png, refusedStream, Server, type Talk } from './client.ts';

/** What the store under the server does at the moment. */
const fault = vi.hoisted(() => ({ failing: [] as string[], holding: undefined as Promise<void> | undefined }));

vi.mock('../../../../bot/store/lmdb-store.ts', async (original) => {
  const { openLmdbStore } = await original<typeof import('../../../../bot/store/lmdb-store.ts')>();
  return {
    openLmdbStore: async (options: Parameters<typeof openLmdbStore>[0]): Promise<Store> => {
      const store = await openLmdbStore(options);
      return new Proxy(store, {
        get(target, name) {
          const member = target[name as keyof Store] as unknown;
          if (typeof member !== 'function') return member;
          return (...given: unknown[]) => {
            if (fault.failing.includes(String(name))) return Promise.reject(new StoreUnavailable('The disk is full.'));
            const proceed = () => (member as (...given: unknown[]) => unknown).apply(target, given);
            if (!fault.holding) return proceed();
            // The turn is not to run within the step that keeps the message, nor after it.
            if (name === 'apply') return member.call(target, given[0], { ...(given[1] as Step), claim: undefined });
            return name === 'claim' ? fault.holding.then(proceed) : proceed();
          };
        },
      });
    },
  };
});

const everything = ['get', 'read', 'end', 'apply', 'claim', 'commit', 'release', 'due', 'ping'];

describe.skipIf(elsewhere)('a server whose store', () => {
  const server = new Server();
  let talk: Talk;
  let release: () => void = () => undefined;

  beforeAll(() => server.start());
  beforeEach(async () => {
    talk = await server.welcome();
    await talk.settled();
  });
  // The next fault must not meet a turn of this test, which would then wait until its lease ends.
  afterEach(async () => {
    fault.failing = [];
    fault.holding = undefined;
    release();
    await talk.settled();
  });
  afterAll(() => server.stop());

  function holdTurns(): void {
    fault.holding = new Promise((resolve) => {
      release = resolve;
    });
  }

  describe('fails for a while', () => {
    // A client that gets 404 here takes the conversation for ended, and never comes back.
    it.each([
      ['reconnecting', 'GET', ''],
      ['reading', 'GET', '/activities'],
      ['posting', 'POST', '/activities'],
      ['uploading', 'POST', '/upload'],
    ])('answers 503 to %s, never 404', async (_, method, path) => {
      const body = path === '/upload' ? png : path === '/activities' && method === 'POST' ? { type: 'message', text: '你好' } : undefined;
      const headers: Record<string, string> = path === '/upload' ? { 'content-type': 'image/png' } : {};
      const call = () => talk.call(method, path, { body, headers });
      fault.failing = everything;
      const answer = await call();
      expectRefusal(answer, 503);
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      fault.failing = [];
      expect((await call()).status).toBe(200);
    });

    it('answers 503 to starting, and starts later with the same token', async () => {
      const { token } = await server.generate();
      fault.failing = everything;
      expectRefusal(await server.call('POST', '/conversations', { bearer: token }), 503);
      fault.failing = [];
      expect((await server.call('POST', '/conversations', { bearer: token })).status).toBe(201);
    });

    it('answers 503 to a stream', async () => {
      const { streamUrl } = await talk.reconnect();
      fault.failing = everything;
      expectRefusal(await refusedStream(streamUrl), 503);
    });

    it('still refreshes tokens, which need no store', async () => {
      fault.failing = everything;
      expect((await server.call('POST', '/tokens/refresh', { bearer: talk.token })).status).toBe(200);
    });

    it('brings over an open stream what could not be read meanwhile', async () => {
      const stream = await talk.stream();
      fault.failing = ['read'];
      const said = await talk.say('断线时说的');
      fault.failing = [];
      await stream.first(({ id }) => id === said);
      await stream.close();
    });

    it('answers a message again that failed, once', async () => {
      const message = { type: 'message', text: '备案要多久', channelData: { clientActivityID: 'retried' } };
      fault.failing = ['apply'];
      expectRefusal(await talk.post(message), 503);
      fault.failing = [];
      const { body } = await talk.post(message);
      expect((await talk.settled()).filter(({ replyToId }) => replyToId === body.id)).toHaveLength(1);
    });
  });

  describe('is slow to give turns their work', () => {
    it('answers a POST before the bot does', async () => {
      holdTurns();
      const asked = await talk.say('备案要多久');
      expect((await talk.transcript()).map(({ replyToId }) => replyToId)).not.toContain(asked);
      release();
      await talk.answerTo(asked);
    });

    it('answers a resend before the bot has answered the first', async () => {
      holdTurns();
      const message = { type: 'message', text: '备案要多久', channelData: { clientActivityID: 'early' } };
      const [first, again] = [await talk.post(message), await talk.post(message)];
      expect([again.status, again.body]).toEqual([200, first.body]);
      release();
      expect((await talk.settled()).filter(({ replyToId }) => replyToId === first.body.id)).toHaveLength(1);
    });

    it('refuses more with 429 when fifty wait, and takes up all that it accepted', async () => {
      holdTurns();
      const answers = [];
      for (let at = 0; at < 60; at += 1) answers.push(await talk.post({ type: 'message', text: `备案要多久${at}` }));
      const accepted = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status }) => status !== 200);
      expect(accepted.length).toBeGreaterThanOrEqual(50);
      expect(refused.length).toBeGreaterThan(0);
      for (const answer of refused) {
        expectRefusal(answer, 429);
        expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      }
      release();
      fault.holding = undefined;
      const last = accepted.at(-1)?.body.id ?? '';
      await talk.answerTo(last);
      const replied = (await talk.transcript()).flatMap(({ replyToId }) => replyToId ?? []);
      expect(replied.slice(-accepted.length)).toEqual(accepted.map(({ body }) => body.id));
    });
  });
});
