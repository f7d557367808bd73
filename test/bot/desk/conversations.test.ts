import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditLine, ConversationView, Entries, Frame, Queue, Suggestion, Task } from '../../../bot/desk/desk-api.ts';
import * as wording from '../../../dialogs/handoff-wording.ts';
import { formToFillFirst, noConsentToFill } from '../../../dialogs/intake/wording.ts';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { DeskBrowser, inviteTo } from '../../support/desk.ts';
import { DeskSocket } from '../../support/desk-socket.ts';
import { until } from '../../support/redis.ts';
import { Visitor } from '../../support/visitor.ts';

let app: TestApplication;
let li: DeskBrowser;
let wang: DeskBrowser;
let chief: DeskBrowser;
let boss: DeskBrowser;
const sockets: DeskSocket[] = [];

beforeAll(async () => {
  app = await startTestApplication();
  const environment = { DATA_DIR: app.dataDir };
  li = await signIn({ login: 'xiaoli', name: '小李', skills: ['license'] });
  wang = await signIn({ login: 'xiaowang', name: '小王' });
  chief = await signIn({ login: 'chen', name: '陈主管', role: 'supervisor' });
  boss = await signIn({ login: 'boss', name: '老板', role: 'administrator' });
  for (const browser of [li, wang]) sockets.push(await DeskSocket.open(app.url, browser));

  async function signIn(draft: Parameters<typeof inviteTo>[1]): Promise<DeskBrowser> {
    return DeskBrowser.invited({ url: app.url }, await inviteTo(environment, draft));
  }
});
afterAll(async () => {
  await Promise.all(sockets.map((socket) => socket.close()));
  await app.stop();
});

/** What the record says that was done with the conversation. */
async function deedsOf({ id }: Visitor): Promise<string[]> {
  const lines = (await boss.get<AuditLine[]>('audit')).body;
  return lines.filter(({ what }) => what === `conversation:${id}`).map(({ by, did, why }) => `${by}: ${did}, ${why}`);
}

/** A visitor who waits for a person. */
async function waitingVisitor(said: readonly string[] = []): Promise<Visitor> {
  const visitor = await Visitor.begin(app.url);
  for (const text of [...said, '转人工']) await visitor.says(text);
  return visitor;
}

const queueOf = async (browser: DeskBrowser) => (await browser.get<Queue>('queue')).body;
const viewOf = async (browser: DeskBrowser, { id }: Visitor) => (await browser.get<ConversationView>(`conversations/${id}`)).body;
const at = ({ id }: Visitor, what: string) => `conversations/${id}/${what}`;

describe('the desk', () => {
  it('lets nobody in who is not signed in', async () => {
    const stranger = new DeskBrowser(app.url);
    const visitor = await waitingVisitor();
    for (const path of ['queue', 'tasks', 'replies', `conversations/${visitor.id}`, at(visitor, 'entries'), at(visitor, 'suggestions')])
      expect((await stranger.get(path)).status).toBe(401);
    for (const path of ['claim', 'take-over', 'messages', 'typing', 'notes', 'transfer', 'complete', 'form', 'case'].map((what) =>
      at(visitor, what),
    ))
      expect((await stranger.post(path, {})).status).toBe(401);
    await expect(DeskSocket.open(app.url, stranger)).rejects.toThrow('401');
    await visitor.says('不等了');
  });

  it('shows who waits, with their last words, and who holds what', async () => {
    const visitor = await waitingVisitor(['主体冲突怎么办']);
    const { waiting, agents } = await queueOf(li);
    expect(waiting).toMatchObject([
      { conversation: visitor.id, reason: 'asked', skill: 'conflict', said: '主体冲突怎么办', returning: false },
    ]);
    expect(agents.map(({ name, available }) => ({ name, available }))).toContainEqual({ name: '小李', available: true });
    expect((await li.post(at(visitor, 'claim'), {})).status).toBe(204);
    expect((await queueOf(li)).held).toMatchObject([{ conversation: visitor.id, agent: { name: '小李' } }]);
    expect((await queueOf(wang)).held).toEqual([]);
    expect((await queueOf(chief)).held).toHaveLength(1);
    await li.post(at(visitor, 'complete'), {});
  });

  it('gives a request to one of two agents, who talks with the customer until it is given back', async () => {
    const visitor = await waitingVisitor(['备案审核要多久']);
    const claims = await Promise.all([li, wang].map((agent) => agent.post<{ takenBy?: string }>(at(visitor, 'claim'), {})));
    expect(claims.map(({ status }) => status).sort()).toEqual([204, 409]);
    const [winner, loser] = claims[0]?.status === 204 ? [li, wang] : [wang, li];
    expect((await loser.post(at(visitor, 'messages'), { id: 'm1', text: '您好' })).status).toBe(409);
    const said = await winner.post<{ position: number }>(at(visitor, 'messages'), { id: 'm1', text: '您好，请讲' });
    expect(said.status).toBe(200);
    expect((await winner.post(at(visitor, 'messages'), { id: 'm1', text: '您好，请讲' })).body).toEqual(said.body);
    await visitor.says('那个多久能好', { answered: false });
    const view = await viewOf(winner, visitor);
    expect(view).toMatchObject({
      mine: true,
      handoff: 'accepted',
      brief: { asked: [{ question: '备案审核要多久', topic: expect.any(String) }] },
    });
    expect(view.entries.slice(-3).map(({ from, text }) => `${from}: ${text}`)).toEqual([
      `event: ${wording.accepted(view.owner.kind === 'agent' ? view.owner.name : '')}`,
      'agent: 您好，请讲',
      'customer: 那个多久能好',
    ]);
    expect((await viewOf(loser, visitor)).mine).toBe(false);
    expect((await winner.post(at(visitor, 'complete'), {})).status).toBe(204);
    await until(async () => (await visitor.transcript()).at(-1)?.text?.startsWith(wording.completed) ?? false);
    expect((await winner.post(at(visitor, 'messages'), { id: 'm2', text: '还在吗' })).status).toBe(409);
  });

  it('takes the next request for those who know about it first', async () => {
    const plain = await waitingVisitor();
    const licensed = await waitingVisitor(['办经营性ICP许可证要什么条件']);
    expect((await queueOf(li)).waiting.map(({ conversation }) => conversation)).toEqual([plain.id, licensed.id]);
    await wang.post(at(plain, 'claim'), {});
    // For two minutes it is for 小李, who knows about licences, as long as they are there.
    expect((await wang.post('next', {})).body).toEqual({});
    expect((await li.post('next', {})).body).toEqual({ conversation: licensed.id });
    for (const [agent, visitor] of [
      [wang, plain],
      [li, licensed],
    ] as const)
      await agent.post(at(visitor, 'complete'), {});
  });

  it('passes a conversation on with a note', async () => {
    const visitor = await waitingVisitor();
    await li.post(at(visitor, 'claim'), {});
    const { id: to } = (await wang.get<{ id: string }>('session')).body;
    expect((await li.post(at(visitor, 'transfer'), { to, note: '客户要办许可证，资料齐了' })).status).toBe(204);
    expect((await queueOf(wang)).waiting[0]).toMatchObject({ for: to, transferredFrom: '小李', note: '客户要办许可证，资料齐了' });
    expect((await li.post('next', {})).body).toEqual({});
    expect((await wang.post('next', {})).body).toEqual({ conversation: visitor.id });
    expect((await li.post(at(visitor, 'transfer'), { note: '' })).status).toBe(409);
    expect((await wang.post(at(visitor, 'transfer'), { to: 'nobody', note: '' })).status).toBe(409);
    await wang.post(at(visitor, 'complete'), {});
  });

  it('is taken over by supervisors only when they say so, from whom they name, and on record', async () => {
    const visitor = await waitingVisitor();
    await li.post(at(visitor, 'claim'), {});
    const [{ id: from }, { id: other }] = (await Promise.all([li, wang].map((agent) => agent.get<{ id: string }>('session')))).map(
      ({ body }) => body,
    ) as [{ id: string }, { id: string }];
    const taken = { status: 409, body: { error: { code: 'Taken' }, takenBy: '小李' } };
    expect(await chief.post(at(visitor, 'claim'), {})).toMatchObject(taken);
    expect(await chief.post(at(visitor, 'take-over'), { from: other })).toMatchObject(taken);
    expect((await wang.post(at(visitor, 'take-over'), { from })).status).toBe(403);
    expect((await viewOf(li, visitor)).mine).toBe(true);
    expect(await deedsOf(visitor)).toEqual([]);
    expect((await chief.post(at(visitor, 'take-over'), { from })).status).toBe(204);
    expect((await viewOf(chief, visitor)).mine).toBe(true);
    expect((await li.post(at(visitor, 'messages'), { id: 'm1', text: '您好' })).status).toBe(409);
    expect(await deedsOf(visitor)).toEqual(['chen: conversation-taken, 原由小李接待']);
    await chief.post(at(visitor, 'complete'), {});
  });

  it('keeps notes for agents only, suggests answers, and has replies at hand', async () => {
    const visitor = await waitingVisitor(['域名冲突怎么办']);
    await li.post(at(visitor, 'claim'), {});
    await li.post(at(visitor, 'notes'), { text: '客户着急，<b>今天</b>要回' });
    expect((await viewOf(wang, visitor)).notes).toMatchObject([{ by: '小李', text: '客户着急，<b>今天</b>要回' }]);
    expect((await visitor.transcript()).some(({ text }) => text?.includes('着急'))).toBe(false);
    await visitor.says('域名冲突怎么办', { answered: false });
    const [suggested] = (await li.get<Suggestion[]>(at(visitor, 'suggestions'))).body;
    expect(suggested?.text.length).toBeGreaterThan(40);
    const kept = (await li.post<{ id: string }>('replies', { title: '问候', text: '您好{customer}，我是{agent}' })).body;
    expect((await wang.get('replies')).body).toMatchObject([{ title: '问候' }]);
    expect((await wang.post('replies', { id: kept.id, title: '问好', text: '您好' })).status).toBe(200);
    expect((await wang.post(`replies/${kept.id}/remove`, {})).status).toBe(204);
    expect((await li.get('replies')).body).toEqual([]);
    await li.post(at(visitor, 'complete'), {});
  });

  it('fills in the form of the customer, by the same rules', async () => {
    const visitor = await waitingVisitor(['帮我办首次备案', '网站']);
    await li.post(at(visitor, 'claim'), {});
    const before = (await viewOf(li, visitor)).brief.form;
    expect(before).toMatchObject({ title: '首次备案', items: [{ field: 'serviceKind', label: expect.any(String), value: '网站' }] });
    const refused = await li.post<{ reason: string }>(at(visitor, 'form'), { field: 'onlineService.domainName', value: '不是域名' });
    expect(refused).toMatchObject({ status: 422, body: { reason: expect.stringMatching(/\p{Script=Han}/u) } });
    expect((await li.post(at(visitor, 'form'), { field: 'onlineService.domainName', value: 'qingchuan.cn' })).status).toBe(204);
    await until(async () =>
      ((await viewOf(li, visitor)).brief.form?.items ?? []).some(
        ({ field, value }) => field === 'onlineService.domainName' && value === 'qingchuan.cn',
      ),
    );
    expect((await visitor.transcript()).at(-1)?.text).toBe(wording.accepted('小李'));
    expect((await wang.post(at(visitor, 'form'), { field: 'filerName', value: '甲公司' })).status).toBe(409);
    await li.post(at(visitor, 'complete'), {});
  });

  it('begins a form for the customer, who gives the consent themselves when the bot goes on with it', async () => {
    const visitor = await waitingVisitor();
    const order = { filingType: 'add-access', province: '广东' };
    expect((await li.post(at(visitor, 'case'), order)).status).toBe(409);
    await li.post(at(visitor, 'claim'), {});
    const wrong = await li.post<{ reason: string }>(at(visitor, 'case'), { ...order, province: '火星' });
    expect(wrong).toMatchObject({ status: 422, body: { reason: expect.stringMatching(/\p{Script=Han}/u) } });
    expect((await viewOf(li, visitor)).brief.form).toBeUndefined();
    expect((await li.post(at(visitor, 'case'), order)).status).toBe(204);
    await until(async () => (await viewOf(li, visitor)).brief.form !== undefined);
    const { form } = (await viewOf(li, visitor)).brief;
    expect(form).toMatchObject({ title: '新增接入', items: [{ field: 'filerProvince', value: '广东省' }] });
    expect(form).not.toHaveProperty('number');
    expect(await li.post(at(visitor, 'case'), order)).toMatchObject({ status: 422, body: { reason: formToFillFirst } });
    const personal = await li.post(at(visitor, 'form'), { field: 'contactMobile', value: '13812345678' });
    expect(personal).toMatchObject({ status: 422, body: { reason: noConsentToFill } });
    expect((await visitor.transcript()).at(-1)?.text).toBe(wording.accepted('小李'));
    expect(await deedsOf(visitor)).toEqual(['xiaoli: form-begun, 新增接入']);
    await li.post(at(visitor, 'complete'), {});
    await until(async () => (await visitor.transcript()).at(-1)?.text?.startsWith(wording.completed) ?? false);
    await visitor.says('继续填写');
    expect((await visitor.transcript()).at(-1)?.channelData?.filing).toMatchObject({ kind: 'consent' });
  });

  it('takes messages when nobody is available, as tasks', async () => {
    for (const browser of [li, wang]) expect((await browser.post('presence', { available: false })).status).toBe(204);
    const visitor = await waitingVisitor();
    expect((await visitor.transcript()).at(-1)?.text).toContain(wording.leaveMessage);
    await visitor.says('13812345678，请回电');
    const [task] = (await li.get<Task[]>('tasks')).body;
    expect(task).toMatchObject({ conversation: visitor.id, items: [{ contact: '13812345678，请回电' }] });
    expect((await li.post(`tasks/${visitor.id}/done`, { left: 0 })).status).toBe(409);
    expect((await li.post(`tasks/${visitor.id}/done`, { left: task?.left })).status).toBe(204);
    expect((await li.get('tasks')).body).toEqual([]);
    for (const browser of [li, wang]) await browser.post('presence', { available: true });
  });

  it('refuses what cannot be read, and other people’s files', async () => {
    const visitor = await waitingVisitor();
    await li.post(at(visitor, 'claim'), {});
    for (const body of [{}, { id: 'x' }, { id: 'x', text: '' }, { id: 'x', text: 'a'.repeat(5000) }, { id: 'x', text: 'a', more: 1 }])
      expect((await li.post(at(visitor, 'messages'), body)).status).toBe(400);
    expect((await li.get(at(visitor, 'entries?after=-1'))).status).toBe(400);
    expect((await li.get(at(visitor, 'files/0123456789abcdef0123456789abcdef'))).status).toBe(404);
    expect((await li.get('conversations/nobody')).status).toBe(404);
    expect((await li.post('conversations/nobody/claim', {})).status).toBe(404);
    await li.post(at(visitor, 'complete'), {});
  });
});

describe('live news', () => {
  it('bring the queue, what is said on both sides, and typing', async () => {
    const [socket] = sockets as [DeskSocket];
    const visitor = await waitingVisitor();
    await socket.first(
      (frame): frame is Frame & { kind: 'queue' } =>
        frame.kind === 'queue' && frame.queue.waiting.some((each) => each.conversation === visitor.id),
    );
    await li.post(at(visitor, 'claim'), {});
    socket.watch([{ conversation: visitor.id, after: 0 }]);
    await visitor.says('在吗', { answered: false });
    await socket.first((frame) => frame.kind === 'entries' && frame.entries.some(({ text }) => text === '在吗'));
    await visitor.types();
    await socket.first((frame) => frame.kind === 'typing' && frame.conversation === visitor.id);
    const stream = await visitor.stream();
    await li.post(at(visitor, 'typing'), {});
    await stream.first(({ type }) => type === 'typing');
    await li.post(at(visitor, 'messages'), { id: 'm9', text: '在的' });
    await stream.first(({ text }) => text === '在的');
    await stream.close();
    await li.post(at(visitor, 'complete'), {});
    await socket.first((frame) => frame.kind === 'changed' && frame.conversation === visitor.id);
  });

  it('go on after a cut where the page stood: nothing missing, nothing twice', async () => {
    const visitor = await waitingVisitor();
    await li.post(at(visitor, 'claim'), {});
    const first = await DeskSocket.open(app.url, li);
    first.watch([{ conversation: visitor.id, after: 0 }]);
    await first.first((frame) => frame.kind === 'entries' && frame.conversation === visitor.id);
    await first.close();
    const seen = first.entriesOf(visitor.id);
    for (let nr = 0; nr < 5; nr += 1) await visitor.says(`第${nr}句`, { answered: false });
    const second = await DeskSocket.open(app.url, li);
    second.watch([{ conversation: visitor.id, after: seen.at(-1)?.position ?? 0 }]);
    await second.first((frame) => frame.kind === 'entries' && frame.entries.some(({ text }) => text === '第4句'));
    const all = [...seen, ...second.entriesOf(visitor.id)].map(({ position }) => position);
    const kept = (await li.get<Entries>(at(visitor, 'entries?after=0'))).body.entries.map(({ position }) => position);
    expect(all).toEqual(kept);
    await second.close();
    await li.post(at(visitor, 'complete'), {});
  });

  it('end for who has signed out, and for who sends rubbish', async () => {
    const rubbish = await DeskSocket.open(app.url, wang);
    rubbish.send('{"watch":[{"conversation":1}]}');
    expect(await rubbish.closed).toBe(1008);
    const binary = await DeskSocket.open(app.url, wang);
    binary.send(Buffer.from([1, 2, 3]));
    expect(await binary.closed).toBe(1008);
  });
});
