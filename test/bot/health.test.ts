import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../support/application.ts';
import { startRedis } from '../support/redis.ts';
import { Visitor } from '../support/visitor.ts';

let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication();
});
afterAll(() => app.stop());

const get = (path: string) => fetch(app.url + path);

describe('monitoring', () => {
  it('sees that the process is alive and can serve', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toEqual({
      status: 'ready',
      parts: { process: 'ready', store: 'ready', knowledge: 'ready' },
    });
  });

  it('reads figures about turns and requests in the Prometheus format', async () => {
    const session = (await (await fetch(`${app.url}/widget/session`, { method: 'POST' })).json()) as Record<string, string>;
    await fetch(`${app.url}/v3/directline/conversations/${session.conversationId}/activities`, {
      method: 'POST',
      headers: { authorization: `Bearer ${session.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'message', text: '我的手机13812345678，备案要多久' }),
    });
    const response = await get('/metrics');
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toMatch(/^filing_turns_total\{channel="direct-line",result="committed"\} [1-9]/m);
    expect(text).toMatch(/^filing_turn_seconds_bucket\{le="0.01",channel="direct-line"\} \d/m);
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
    expect(text).not.toContain('13812345678');
    expect(text).not.toContain(String(session.conversationId));
  });

  it('reads what was decided, refused and missed, and how the store does', async () => {
    const visitor = await Visitor.begin(app.url);
    for (const text of ['备案密码忘了怎么办', '紫色的大象会不会在月球上弹钢琴', '帮我备案']) await visitor.says(text);
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/^filing_decisions_total\{decision="answer"\} [1-9]/m);
    expect(text).toMatch(/^filing_decisions_total\{decision="reject"\} [1-9]/m);
    expect(text).toMatch(/^filing_misses_total [1-9]/m);
    expect(text).toMatch(/^filing_replies_total\{channel="direct-line",kind="answer"\} [1-9]/m);
    expect(text).toMatch(/^filing_store_seconds_count\{operation="apply"\} [1-9]/m);
    expect(text).toMatch(/^filing_work_waiting\{work="errands"\} \d+$/m);
    expect(text).toMatch(/^filing_handoffs_waiting 0$/m);
    expect(text).toMatch(/^filing_agents\{available="yes"\} 0$/m);
    expect(text).toMatch(/^filing_data_free_bytes [1-9]/m);
    expect(text).toMatch(/^filing_knowledge_topics [1-9]/m);
  });

  it('has as many series after a hundred made-up addresses as before', async () => {
    const count = async () => (await (await get('/metrics')).text()).match(/^filing_/gm)?.length;
    await get('/made-up');
    const before = await count();
    await Promise.all(Array.from({ length: 100 }, (_, at) => get(`/made-up/${at}`)));
    expect(await count()).toBe(before);
  });

  it('learns which part is not ready, and gets what figures there are', async () => {
    const redis = await startRedis();
    const keys = { DATA_KEYS: Buffer.alloc(32, 7).toString('base64'), REDIS_URL: redis.url };
    const shared = await startTestApplication(keys);
    try {
      await redis.kill('SIGKILL');
      const ready = await fetch(`${shared.url}/readyz`);
      expect(ready.status).toBe(503);
      expect(ready.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await ready.json()).toEqual({
        error: { code: 'ServiceUnavailable', message: expect.any(String) },
        parts: { process: 'ready', store: 'not-ready', knowledge: 'ready' },
      });
      const figures = await fetch(`${shared.url}/metrics`);
      const text = await figures.text();
      expect(figures.status).toBe(200);
      expect(text).toMatch(/^filing_store_errors_total\{operation="ping"\} [1-9]/m);
      // Not what it was when it could still be had.
      expect(text).not.toMatch(/^filing_handoffs_waiting \d/m);
      expect((await fetch(`${shared.url}/healthz`)).status).toBe(200);
    } finally {
      await shared.stop();
      await redis.stop();
    }
  });
});
