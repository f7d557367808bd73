import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { elsewhere, refusedStream, Stream, serverForTests } from './client.ts';
import { form, samples } from './samples.ts';

const lines = vi.hoisted(() => [] as string[]);

/** The server's own log, into memory instead of the standard output. */
vi.mock('pino', async (original) => {
  const module = await original<typeof import('pino')>();
  const memory = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  return { ...module, pino: Object.assign((options: object) => module.pino(options, memory), module.pino) };
});

/** All that a line may say who somebody is. */
const logLine = z.looseObject({
  level: z.number(),
  time: z.iso.datetime(),
  msg: z.string(),
  conversation: z
    .string()
    .regex(/^[\w-]{22,}$/)
    .optional(),
  turnId: z
    .string()
    .regex(/^[0-9A-F]{10}$/)
    .optional(),
  user: z.never().optional(),
  sender: z.never().optional(),
  address: z.never().optional(),
});

describe.skipIf(elsewhere)('the log, at its most talkative', () => {
  const server = serverForTests({ LOG_LEVEL: 'trace' });

  it('has no token, ticket or secret, and nothing that was said', async () => {
    const talk = await server.welcome();
    const stream = await Stream.open(talk.streamUrl);
    await refusedStream(talk.streamUrl);
    const asked = await talk.say('我叫张三丰，备案要多久');
    await stream.first(({ replyToId }) => replyToId === asked);
    await stream.close();
    const { token } = (await server.call('POST', '/tokens/refresh', { bearer: talk.token })).body;
    const { id } = (await talk.upload(form([{ content: samples.png, name: '张三丰.png' }]))).body;
    const file = (await talk.find(id)).attachments?.[0]?.contentUrl ?? '';
    await fetch(file);
    await talk.call('GET', '/activities?watermark=bad&t=a-secret-in-the-address');
    await server.call('GET', `/nothing?t=${talk.token}`);

    const log = lines.join('');
    expect(log).toContain('/v3/directline/conversations/:id/activities');
    const tickets = [talk.streamUrl, file].map((address) => new URL(address).searchParams.get('t') ?? '');
    for (const confidential of [server.secret, talk.token, token, ...tickets, 'a-secret-in-the-address', '张三丰', 'Bearer']) {
      expect(confidential).not.toBe('');
      expect(log.includes(confidential)).toBe(false);
    }

    // Whom a line is about it says by the random id of the conversation, and when by the time in UTC.
    const said = lines.flatMap((line) => line.trim().split('\n')).map((line) => logLine.parse(JSON.parse(line)));
    expect(said.filter(({ conversation }) => conversation === talk.id)).not.toEqual([]);
    expect(said.filter(({ turnId }) => turnId !== undefined)).not.toEqual([]);
  });
});
