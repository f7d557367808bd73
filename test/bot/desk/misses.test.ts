import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { note } from '../../../bot/conversations/conversation.ts';
import type { Desk } from '../../../bot/desk/desk.ts';
import type { Misses, Settled, Trial } from '../../../bot/desk/desk-api.ts';
import { partitionOf } from '../../../bot/store/store.ts';
import { readRegressions } from '../../../knowledge/evaluation/regressions.ts';
import { readSheet } from '../../../knowledge/sheet/read-sheet.ts';
import { startTestApplication } from '../../support/application.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, type Failure, invite, inviteTo, serveWholeDesk } from '../../support/desk.ts';
import { copyKnowledge, type KnowledgeCopy } from '../../support/knowledge-copy.ts';
import { until } from '../../support/redis.ts';
import { Visitor } from '../../support/visitor.ts';

const dayMs = 24 * 3_600_000;
const aboutFees = ['更新备案会扣我余额不', '云平台上做变更会不会扣我余额', '改备案扣余额不', '更新资料扣不扣余额'];
/** Notes have narrow signs. */
const aboutNumbers = ['同一家店弄两本主体号', '一个执照弄俩主体号行不行'];

let bench: Bench;
let copy: KnowledgeCopy;
let desk: DeskServer & Desk;
let chief: DeskBrowser;
let asked = 0;
/** Of the trial that was accepted, and then taken back: the files are as they were. */
let digestTried = '';

beforeAll(async () => {
  bench = await openBench();
  copy = copyKnowledge();
  desk = await serveWholeDesk(bench, { knowledge: () => copy.live.current, missesFiles: copy.files, studies: copy.studies });
  chief = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'chen', name: '陈主管', role: 'supervisor' }));
  for (const question of [...aboutFees, ...aboutFees.slice(0, 2), ...aboutNumbers, '狗粮哪个牌子好']) await missed(question);
  await missed('备案办得快一点收加急费不');
  await missed('备案前的旧问题没人记得', 40 * dayMs);
});
afterAll(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
  copy.close();
});

/** Somebody has asked in vain. */
async function missed(question: string, agoMs = 0): Promise<void> {
  asked += 1;
  const id = `visitor-${asked}`;
  const at = bench.store.now() - agoMs;
  await bench.store.apply(partitionOf(id), { operations: note(id, { kind: 'miss', at, question, nearest: [] }) });
}

async function notUseful(question: string, topic: string): Promise<void> {
  asked += 1;
  const id = `visitor-${asked}`;
  const operations = note(id, { kind: 'feedback', at: bench.store.now(), question, topic, useful: false });
  await bench.store.apply(partitionOf(id), { operations });
}

const overview = async () => (await chief.get<Misses>('misses')).body;
const textsOf = async () => (await overview()).clusters.map(({ questions }) => questions.map(({ text }) => text).toSorted());
const faqText = (category: string) => readFileSync(join(copy.files.knowledge.faq, `${category}.yaml`), 'utf8');
const regressions = () => readRegressions(existsSync(copy.files.regressions) ? readFileSync(copy.files.regressions, 'utf8') : undefined);
const proposal = { topic: 'change-fee', phrasings: ['更新备案扣不扣余额', '变更会不会扣我余额'], questions: aboutFees };
const tried = async () => (await chief.post<Trial>('misses/preview', proposal)).body;
const inUse = (phrasing: string) => copy.live.current.entry('change-fee')?.phrasings.includes(phrasing) ?? false;

describe('what customers asked in vain', () => {
  it('comes together, what was asked most often first, and without what is answered by now', async () => {
    const { clusters, answeredNow, leftOut, writable, settled } = await overview();
    expect(clusters.map(({ questions }) => questions.map(({ text }) => text).toSorted())).toEqual([
      aboutFees.toSorted(),
      aboutNumbers.toSorted(),
      ['狗粮哪个牌子好'],
    ]);
    expect(clusters[0]).toMatchObject({ count: 6, days: 1, topics: [{ topic: 'change-fee', title: expect.any(String) }, {}, {}, {}, {}] });
    expect({ answeredNow, leftOut, writable, settled }).toEqual({ answeredNow: 1, leftOut: 0, writable: true, settled: [] });
  });

  it('is looked for as far back as asked', async () => {
    const { clusters } = (await chief.get<Misses>('misses?days=60')).body;
    expect(clusters.flatMap(({ questions }) => questions.map(({ text }) => text))).toContain('备案前的旧问题没人记得');
    expect((await chief.get('misses?days=0')).status).toBe(400);
  });

  it('has personal data covered, and answers that did not help beside what had none', async () => {
    await notUseful('营业执照刚换了，13812345678 是我电话，主体信息怎么改', 'change-info');
    const { questions = [] } = (await overview()).clusters.find(({ questions: [first] }) => first?.text.includes('营业执照刚换了')) ?? {};
    expect(questions).toMatchObject([{ unanswered: 0, notUseful: 1, answeredBy: 'change-info' }]);
    expect(questions[0]?.text).not.toContain('13812345678');
    await chief.post('misses/dismiss', { questions: questions.map(({ text }) => text) });
  });

  it('is shown as it was asked by a visitor', async () => {
    const app = await startTestApplication();
    try {
      const visitor = await Visitor.begin(app.url);
      await visitor.says('狗粮哪个牌子好');
      const code = await inviteTo({ DATA_DIR: app.dataDir }, { login: 'chen', role: 'supervisor' });
      const browser = await DeskBrowser.invited({ url: app.url }, code);
      const { clusters } = (await browser.get<Misses>('misses')).body;
      expect(clusters.map(({ questions }) => questions.map(({ text }) => text))).toEqual([['狗粮哪个牌子好']]);
    } finally {
      await app.stop();
    }
  });
});

describe('a proposal', () => {
  it('shows what it would do, and does nothing', async () => {
    const before = faqText('change');
    const { measures, questions, faults, digest } = await tried();
    expect(faults).toEqual([]);
    expect(digest).toMatch(/^\w{32}$/);
    expect(measures?.before.questions).toBe(measures?.after.questions);
    expect(measures?.after).toMatchObject({ accuracy: 1, refused: 1, wronglyAnswered: 0 });
    const [first] = questions;
    expect(first).toMatchObject({
      text: aboutFees[0],
      before: { decision: 'suggest' },
      after: { decision: 'answer', topic: 'change-fee' },
    });
    expect(faqText('change')).toBe(before);
  });

  it.each([
    ['a phrasing that another topic has', { phrasings: ['ICP备案是什么意思'] }, '已经'],
    ['a phrasing that the topic has', { phrasings: ['改备案要钱吗', '改备案要钱吗？'] }, '写了两遍'],
  ])('is not sound with %s', async (_what, change, fault) => {
    const bad = { ...proposal, ...change };
    const { body } = await chief.post<Trial>('misses/preview', bad);
    expect(body.faults.join()).toContain(fault);
    const accepted = await chief.post<Failure>('misses/accept', { ...bad, digest: body.digest });
    expect([accepted.status, accepted.body.error.code]).toEqual([409, 'NotSound']);
    expect(regressions()).toEqual([]);
  });

  it.each([
    ['a telephone number', { phrasings: ['打13812345678改备案要钱吗'] }, 422, 'PersonalData'],
    ['what was covered', { phrasings: ['打138****5678改备案要钱吗'] }, 422, 'PersonalData'],
    ['a topic that is not there', { topic: 'no-such-topic' }, 409, 'UnknownTopic'],
    ['no phrasing', { phrasings: [] }, 400, 'BadArgument'],
    ['two lines', { phrasings: ['改备案\n要钱吗'] }, 400, 'BadArgument'],
    ['the same twice', { phrasings: ['改备案花钱不', '改备案花钱不'] }, 400, 'BadArgument'],
  ])('is refused with %s', async (_what, change, status, code) => {
    const refused = await chief.post<Failure>('misses/preview', { ...proposal, ...change });
    expect([refused.status, refused.body.error.code]).toEqual([status, code]);
  });
});

describe('a yes', () => {
  it('is refused when the knowledge base is no longer what was looked at', async () => {
    const { digest } = await tried();
    const file = join(copy.files.knowledge.outOfScope, 'far.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}# an editor was here\n`);
    const refused = await chief.post<Failure>('misses/accept', { ...proposal, digest });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'KnowledgeChanged']);
    writeFileSync(file, text);
  });

  it('writes the phrasings and questions to hold on to, is recorded, and takes effect; the questions do not come back', async () => {
    const before = faqText('change');
    const { digest } = await tried();
    digestTried = digest;
    const accepted = await chief.post<Settled>('misses/accept', { ...proposal, digest });
    expect(accepted).toMatchObject({ status: 200, body: { how: 'phrasings', topic: 'change-fee', by: '陈主管', inUse: true, count: 4 } });
    expect(faqText('change').length).toBe(before.length + proposal.phrasings.reduce((sum, { length }) => sum + length + 9, 0));
    expect(regressions().length).toBeGreaterThan(0);
    expect(regressions()).toContainEqual(expect.objectContaining({ topic: 'change-fee', by: expect.not.stringContaining('chen') }));
    await until(async () => inUse('变更会不会扣我余额'));
    expect(copy.live.current.match('更新备案扣不扣余额')).toMatchObject({
      decision: 'answer',
      results: [{ id: 'change-fee' }, {}, {}, {}, {}],
    });
    expect(await textsOf()).not.toContainEqual(expect.arrayContaining([expect.stringMatching(/钱|余额|多少前/)]));
    expect((await overview()).settled).toMatchObject([{ how: 'phrasings', inUse: true }, { how: 'dismissed' }]);
    const lines = await desk.audit.before(undefined, 1);
    expect(lines).toMatchObject([{ did: 'phrasings-added', what: 'topic:change-fee', why: proposal.phrasings.join(' / ') }]);
    const again = await chief.post<Failure>('misses/accept', { ...proposal, phrasings: ['又一种问法收不收费'], digest });
    expect([again.status, again.body.error.code]).toEqual([409, 'KnowledgeChanged']);
  });

  it('can be taken back, to the byte', async () => {
    const [settled] = (await overview()).settled;
    const edited = faqText('change');
    expect((await chief.post('misses/undo', { id: settled?.id })).status).toBe(204);
    expect(faqText('change')).toBe(proposal.phrasings.reduce((text, phrasing) => text.replace(`      - ${phrasing}\n`, ''), edited));
    expect(existsSync(copy.files.regressions)).toBe(false);
    await until(async () => !inUse('变更会不会扣我余额'));
    expect(await textsOf()).toContainEqual(aboutFees.toSorted());
    expect(await desk.audit.before(undefined, 1)).toMatchObject([{ did: 'misses-undone', what: 'topic:change-fee' }]);
    expect((await chief.post('misses/undo', { id: settled?.id })).status).toBe(404);
  });

  it('is not taken back once somebody has edited what was written', async () => {
    const digest = digestTried;
    const { id } = (await chief.post<Settled>('misses/accept', { ...proposal, digest })).body;
    const file = join(copy.files.knowledge.faq, 'change.yaml');
    writeFileSync(file, faqText('change').replace('- 变更会不会扣我余额', '- 做变更扣不扣余额'));
    await until(async () => inUse('做变更扣不扣余额'));
    const refused = await chief.post<Failure>('misses/undo', { id });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'ChangedSince']);
    expect((await overview()).settled[0]).toMatchObject({ id, inUse: false });
  });

  it('is refused where the folder cannot be written', async () => {
    if (process.getuid?.() === 0) return; // root writes wherever it wants
    chmodSync(copy.files.knowledge.faq, 0o500);
    try {
      expect((await overview()).writable).toBe(false);
      const refused = await chief.post<Failure>('misses/accept', { ...proposal, digest: 'any' });
      expect([refused.status, refused.body.error.code]).toEqual([409, 'KnowledgeReadOnly']);
    } finally {
      chmodSync(copy.files.knowledge.faq, 0o700);
    }
  });
});

describe('questions that no topic answers', () => {
  const draft = { question: '一家公司能有两个主体号吗', phrasings: aboutNumbers, questions: aboutNumbers };

  it('become a sheet for editors, which the import refuses until it is complete', async () => {
    const drafted = (await chief.post<Settled>('misses/draft', draft)).body;
    expect(drafted).toMatchObject({ how: 'draft', title: draft.question, draft: expect.stringMatching(/^\d{4}-\d\d-\d\d-\w+\.csv$/) });
    const sheet = readSheet(readFileSync(join(copy.files.drafts, drafted.draft ?? '')));
    expect(sheet).toMatchObject({ kind: 'topics', rows: [] });
    expect('faults' in sheet && sheet.faults.length).toBeGreaterThan(0);
    const download = await chief.get<string>(`misses/drafts/${drafted.draft}`);
    expect(download.body).toContain(draft.question);
    expect((await chief.get('misses/drafts/..%2Ffigures.yaml')).status).toBe(404);
    expect(await textsOf()).not.toContainEqual(aboutNumbers.toSorted());
    expect((await chief.post('misses/undo', { id: drafted.id })).status).toBe(204);
    expect(readdirSync(copy.files.drafts)).toEqual([]);
    expect(await textsOf()).toContainEqual(aboutNumbers.toSorted());
  });

  it('do not come back when they are dismissed, for one person only, until that is undone', async () => {
    const questions = ['狗粮哪个牌子好'];
    const both = await Promise.all([1, 2].map(() => chief.post<Settled>('misses/dismiss', { questions, why: '与备案无关' })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await missed('请问狗粮哪个牌子好');
    expect((await textsOf()).flat().join()).not.toContain('狗粮');
    const { id } = both.find(({ status }) => status === 200)?.body ?? {};
    expect((await chief.post('misses/undo', { id })).status).toBe(204);
    expect((await textsOf()).flat()).toContain('请问狗粮哪个牌子好');
  });
});
