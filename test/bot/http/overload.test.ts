import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApplication, type TestApplication, testSecret } from '../../support/application.ts';
import { Visitor } from '../../support/visitor.ts';

let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication();
});
afterAll(() => app.stop());

const ask = (path: string, bearer?: string) =>
  fetch(`${app.url}${path}`, { method: 'POST', headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } });

/** For so long the process, which is the application's too, does hardly anything else. */
async function occupied(forMs: number): Promise<void> {
  for (const end = Date.now() + forMs; Date.now() < end; await pause(1)) {
    for (const until = Date.now() + 700; Date.now() < until; );
  }
}

it('that lasts keeps newcomers out and those who are there in, until it is over', async () => {
  const token = ((await (await ask('/v3/directline/tokens/generate', testSecret)).json()) as { token: string }).token;
  const customer = await Visitor.begin(app.url);
  const session = await ask('/widget/session');
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  await occupied(4_500);

  for (const [path, bearer] of [
    ['/widget/session'],
    ['/v3/directline/tokens/generate', testSecret],
    ['/v3/directline/conversations', testSecret],
    ['/v3/directline/conversations', token],
  ] as const) {
    const refused = await ask(path, bearer);
    expect([path, refused.status, refused.headers.get('retry-after')]).toEqual([path, 503, '2']);
  }
  await customer.says('备案要多久');
  expect((await fetch(`${app.url}/widget/session`, { method: 'POST', headers: { cookie } })).status).toBe(200);

  await expect.poll(async () => (await ask('/widget/session')).status, { timeout: 10_000 }).toBe(201);
  expect((await ask('/v3/directline/conversations', token)).status).toBe(201);
});
