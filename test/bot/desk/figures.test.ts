import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Desk } from '../../../bot/desk/desk.ts';
import type { FigureRow, FigureTable } from '../../../bot/desk/desk-api.ts';
import { plusDays } from '../../../knowledge/calendar/days.ts';
import { startTestApplication } from '../../support/application.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, type Failure, invite, inviteTo, serveWholeDesk } from '../../support/desk.ts';
import { sampleCase, submitted } from '../../support/filing-case.ts';
import { Visitor } from '../../support/visitor.ts';

let bench: Bench;
let desk: DeskServer & Desk;
let supervisor: DeskBrowser;
beforeAll(async () => {
  bench = await openBench();
  desk = await serveWholeDesk(bench);
  supervisor = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang', role: 'supervisor' }));
});
afterAll(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
});

const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

it('a day of questions and of talks with an agent, in figures', async () => {
  const app = await startTestApplication();
  const signIn = async (draft: Parameters<typeof inviteTo>[1]) =>
    DeskBrowser.invited({ url: app.url }, await inviteTo({ DATA_DIR: app.dataDir }, draft));
  const agent = await signIn({ login: 'li', name: '李娜' });
  const chief = await signIn({ login: 'wang', name: '王芳', role: 'supervisor' });
  await agent.post('presence', { available: true });
  const visitor = await Visitor.begin(app.url);
  for (const text of ['备案审核要多长时间', '有用', '备案密码忘了怎么办', '量子计算机怎么修', '转人工']) await visitor.says(text);
  const { body: next } = await agent.post<{ conversation: string }>('next', {});
  expect(next.conversation).toBe(visitor.id);
  await Promise.all(['m-1', 'm-2'].map((id) => agent.post(`conversations/${visitor.id}/messages`, { id, text: `您好 ${id}` })));
  expect((await agent.post(`conversations/${visitor.id}/complete`, {})).status).toBe(204);
  await visitor.says('满意');
  const gone = await Visitor.begin(app.url);
  await gone.says('转人工');
  await gone.says('不等了');

  const day = today();
  const { status, body } = await chief.get<FigureTable>(`figures?from=${plusDays(day, -1)}&to=${day}`);
  expect(status).toBe(200);
  const [before, row] = body.rows as [FigureRow, FigureRow];
  expect([before.from, before.conversations]).toEqual([plusDays(day, -1), 0]);
  expect(row).toMatchObject({
    from: day,
    ...{ conversations: 2, answered: 2, useful: 1, notUseful: 0, handoffs: 2, completed: 1, failed: 1 },
    ...{ waitMinutes: expect.any(Number), responseMinutes: expect.any(Number), resolutionMinutes: expect.any(Number) },
    ratings: { good: 1, fair: 0, bad: 0 },
  });
  expect(row.suggested + row.unknown).toBe(1);
  expect(body.topics).toHaveLength(2);
  for (const topic of body.topics)
    expect(topic).toEqual({ topic: expect.any(String), question: expect.stringMatching(/[一-鿿]/), count: 1 });

  const sheet = (await chief.get<string>(`figures/sheet?from=${day}&to=${day}`)).body;
  expect(sheet.split('\r\n').map((line) => line.split(',').slice(0, 3))).toEqual([['起始日期', '会话', '直接回答'], [day, '2', '2'], ['']]);
  await app.stop();
});

it.each([
  ['day', ['2026-11-29', '2026-11-30', '2026-12-01']],
  ['week', ['2026-11-23', '2026-11-30']],
  ['month', ['2026-11-01', '2026-12-01']],
])('by %s has the spans in their order', async (by, spans) => {
  const { body } = await supervisor.get<FigureTable>(`figures?from=2026-11-29&to=2026-12-01&by=${by}`);
  expect(body.rows.map(({ from }) => from)).toEqual(spans);
});

it.each([
  '',
  'from=2026-11-01',
  'from=2026-11-02&to=2026-11-01',
  'from=2020-01-01&to=2026-11-01',
  'from=2026-13-01&to=2026-13-02',
  'from=x&to=y',
])('refuses the days %j', async (query) => {
  const { status, body } = await supervisor.get<Failure>(`figures?${query}`);
  expect([status, body.error.code]).toEqual([400, 'BadArgument']);
});

it('has the cases as they are now', async () => {
  for (const conversation of ['A', 'B', 'C']) {
    const filed = sampleCase(await bench.cases.reserve(conversation, 'draft', '2026-11-27'));
    await bench.cases.save({ conversation, order: [1, 1], case: conversation === 'C' ? filed : submitted(filed) });
  }
  const { cases } = (await supervisor.get<FigureTable>(`figures?from=${today()}&to=${today()}`)).body;
  expect(cases.map(({ state, count }) => [state, count])).toEqual([
    ['drafting', 1],
    ['ready', 2],
  ]);
});
