import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as wording from '../../../dialogs/handoff-wording.ts';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { ExampleDesk } from '../../support/example-desk.ts';
import { until } from '../../support/redis.ts';
import { Visitor } from '../../support/visitor.ts';

const secret = 'a-secret-between-two-desks-0123456789abcdef';

let desk: ExampleDesk;
let app: TestApplication;
beforeAll(async () => {
  desk = await ExampleDesk.open(secret);
  app = await startTestApplication({ DESK_WEBHOOK_URL: desk.url, DESK_WEBHOOK_SECRET: secret });
  desk.talksTo(app.url);
});
afterAll(async () => {
  await app.stop();
  await desk.close();
});

async function waiting(): Promise<Visitor> {
  const visitor = await Visitor.begin(app.url);
  await visitor.says('备案审核要多久');
  await visitor.says('转人工');
  await until(() => desk.of(visitor.id).length > 0);
  return visitor;
}

const saidBy = async (visitor: Visitor, kind: string) =>
  (await visitor.transcript())
    .filter(({ channelData }) => (channelData?.filing as { kind?: string } | undefined)?.kind === kind)
    .map(({ text }) => text);

describe('another desk', () => {
  it('is told of a request with all that was said, takes it, talks and gives it back', async () => {
    const visitor = await waiting();
    const [initiate] = desk.of(visitor.id);
    expect(initiate).toMatchObject({ type: 'event', name: 'handoff.initiate', value: { reason: 'asked' } });
    expect(initiate?.attachments?.[0]?.content.activities.map(({ text }) => text)).toContain('备案审核要多久');

    expect(await desk.says(visitor.id, 'accepted')).toBe(200);
    await visitor.says('你好', { answered: false });
    await until(() => desk.of(visitor.id).some(({ text, from }) => text === '你好' && from.role === 'user'));
    expect(await desk.answers(visitor.id, 'm1', '您好，请讲')).toBe(200);
    expect(await desk.answers(visitor.id, 'm1', '您好，请讲')).toBe(200);
    expect(await saidBy(visitor, 'agent')).toEqual(['您好，请讲']);

    expect(await desk.says(visitor.id, 'completed')).toBe(200);
    await until(async () => (await visitor.transcript()).at(-1)?.text?.startsWith(wording.completed) ?? false);
    await until(() => desk.of(visitor.id).at(-1)?.value?.state === 'completed');
    expect(await desk.answers(visitor.id, 'm2', '还有一句')).toBe(409);
  });

  it('misses nothing while it is down, and gets each thing in order', async () => {
    const visitor = await waiting();
    await desk.says(visitor.id, 'accepted');
    desk.down = true;
    const said = Array.from({ length: 5 }, (_, nr) => `第${nr}句`);
    for (const text of said) await visitor.says(text, { answered: false });
    desk.down = false;
    await until(() => desk.of(visitor.id).some(({ text }) => text === said.at(-1)), 15_000);
    expect(desk.of(visitor.id).flatMap(({ text }) => (text?.startsWith('第') ? [text] : []))).toEqual(said);
    await desk.says(visitor.id, 'completed');
  });

  it('is told when the customer leaves, and may refuse', async () => {
    const impatient = await waiting();
    await impatient.says('不等了');
    await until(() => desk.of(impatient.id).at(-1)?.value?.state === 'failed');
    expect(await desk.says(impatient.id, 'accepted')).toBe(200); // an agent may write to a customer also without having been asked
    await desk.says(impatient.id, 'completed');
    const refused = await waiting();
    expect(await desk.says(refused.id, 'failed')).toBe(200);
    await until(async () => (await refused.transcript()).at(-1)?.text?.startsWith(wording.timedOut) ?? false);
  });

  it('is not believed without its signature, nor with an old one, nor when it cannot be read', async () => {
    const visitor = await waiting();
    const accepted = {
      type: 'event',
      name: 'handoff.status',
      conversation: { id: visitor.id },
      from: { id: 'x' },
      value: { state: 'accepted' },
    };
    expect(await desk.send(accepted, { secret: 'another-secret-of-the-same-length-0123456' })).toBe(401);
    expect(await desk.send(accepted, { at: Date.now() - 10 * 60_000 })).toBe(401);
    expect((await fetch(`${app.url}/desk/webhook`, { method: 'POST', body: '{}' })).status).toBe(401);
    expect(await desk.send({ ...accepted, value: { state: 'lost' } })).toBe(400);
    expect(await desk.send({ ...accepted, conversation: { id: 'nobody' } })).toBe(404);
  });
});

it('has no address where none is configured', async () => {
  const plain = await startTestApplication();
  expect((await fetch(`${plain.url}/desk/webhook`, { method: 'POST', body: '{}' })).status).toBe(404);
  await plain.stop();
});
