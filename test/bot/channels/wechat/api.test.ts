import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Api } from '../../../../bot/channels/wechat/api.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  stops.push(() => server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const apiAt = (origin: string) =>
  new Api({ family: 'official-account', origin, tokens: { current: async () => 'token', inPlaceOf: async () => 'token' } });

it.each([301, 302, 303, 307, 308])('does not go where a platform sends it with %i for a medium', async (status) => {
  const reached: (string | undefined)[] = [];
  const inside = await serve(({ url }, response) => {
    reached.push(url);
    response.setHeader('content-type', 'image/png').end('picture');
  });
  const platform = await serve((_, response) => {
    response.writeHead(status, { location: `${inside}/latest/meta-data` });
    response.end();
  });
  await expect(apiAt(platform).media('medium', 1000)).rejects.toThrow();
  expect(reached).toEqual([]);
});

it('asks the configured origin only, whatever the id of a medium looks like', async () => {
  const asked: (string | undefined)[] = [];
  const platform = await serve(({ url }, response) => {
    asked.push(url);
    response.setHeader('content-type', 'image/png').end('picture');
  });
  for (const id of ['http://169.254.169.254/', '//evil.example/x', '../../cgi-bin/token', 'a&access_token=b', 'x#y', '媒体']) {
    expect(String(await apiAt(platform).media(id, 1000))).toBe('picture');
  }
  expect(asked.every((url) => new URL(url ?? '', platform).pathname === '/cgi-bin/media/get')).toBe(true);
  expect(asked.every((url) => new URL(url ?? '', platform).searchParams.getAll('access_token').join() === 'token')).toBe(true);
});

it('stops reading a medium that is larger than it may be', async () => {
  let sent = 0;
  const platform = await serve((_, response) => {
    response.setHeader('content-type', 'image/png');
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) sent += 64 * 1024;
    };
    response.on('drain', more);
    more();
  });
  await expect(apiAt(platform).media('medium', 1024 * 1024)).rejects.toThrow();
  expect(sent).toBeLessThan(16 * 1024 * 1024);
});
