import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApplication, type TestApplication } from '../support/application.ts';

let app: TestApplication;
beforeAll(async () => {
  app = await startTestApplication();
});
afterAll(() => app.stop());

const get = (path: string) => fetch(app.url + path);

describe('monitoring', () => {
  it('sees that the process is alive and can serve', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready' });
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

  it('has as many series after a hundred made-up addresses as before', async () => {
    const count = async () => (await (await get('/metrics')).text()).match(/^filing_/gm)?.length;
    await get('/made-up');
    const before = await count();
    await Promise.all(Array.from({ length: 100 }, (_, at) => get(`/made-up/${at}`)));
    expect(await count()).toBe(before);
  });
});
