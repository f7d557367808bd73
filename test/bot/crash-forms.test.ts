import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cases } from '../../bot/cases/cases.ts';
import type { PresentedActivity } from '../../bot/channels/direct-line/presenter.ts';
import { dataKeys } from '../../bot/store/data-keys.ts';
import { openLmdbStore } from '../../bot/store/lmdb-store.ts';
import { openSealedStore } from '../../bot/store/sealed-store.ts';
import * as wording from '../../dialogs/intake/wording.ts';
import type { FilingCase } from '../../knowledge/filing/filing-case.ts';
import type { FieldKey } from '../../knowledge/filing/form.ts';
import { apply, wordsFor } from '../support/applicant.ts';
import { testSecret } from '../support/application.ts';
import { Customer } from '../support/customer.ts';
import { filers, wishes } from '../support/filers.ts';
import { isThorough } from '../support/sample.ts';
import { freePort, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { makeSmallBuild, type SmallBuild } from '../support/small-build.ts';

const servers = 2;
const killsPerServer = isThorough ? 10 : 2;
const customersPerServer = 4;
const answers = filers.enterprise;

let build: SmallBuild;
beforeAll(() => {
  build = makeSmallBuild();
});
afterAll(() => build.remove());

/** The case as it comes about when nothing happens in between. */
const expected = (() => {
  const customer = new Customer();
  const { number } = apply(customer, wishes.initial, answers);
  return customer.desk.cases.get(number)?.values ?? {};
})();

/** What became of the forms that customers filled in while their server was killed, again and again. */
interface Account {
  kills: number;
  questions: number;
  /** Questions that came again for an item that had been filled in. */
  doubledQuestions: number;
  /** Messages with no answer, or with two. */
  unanswered: number;
  doubledAnswers: number;
  submitted: number;
  /** Cases beyond one for each submission, and submissions without one. */
  surplusCases: number;
  missingCases: number;
  /** Values that a case lacks, or has differently. */
  lostValues: number;
}

it(`kill -9 in the middle of forms loses no value, asks nothing twice, and opens one case each, over ${servers * killsPerServer} kills`, {
  timeout: 240_000,
}, async () => {
  const accounts = await Promise.all(Array.from({ length: servers }, (_, at) => ordeal(at)));
  const total = accounts.reduce(addUp);
  console.log('kill -9 in forms:', JSON.stringify(total));
  expect(total).toMatchObject({
    kills: servers * killsPerServer,
    doubledQuestions: 0,
    unanswered: 0,
    doubledAnswers: 0,
    surplusCases: 0,
    missingCases: 0,
    lostValues: 0,
  });
  // Otherwise the kills came between the forms and not in their middle.
  expect(total.questions).toBeGreaterThan(5 * total.kills);
  expect(total.submitted).toBeGreaterThan(5);
});

async function ordeal(seed: number): Promise<Account> {
  const dataDir = mkdtempSync(join(tmpdir(), 'filing-crash-forms-'));
  const secret = randomBytes(32);
  const environment = { DATA_DIR: dataDir, DATA_KEYS: secret.toString('base64'), PORT: String(await freePort()) };
  let server: ServerProcess = await startServerProcess(environment, build.program);
  const { url } = server;
  const progress = { over: false, answers: 0 };
  const customers = Array.from({ length: customersPerServer }, () => fillForms(url, progress));
  for (let kill = 0; kill < killsPerServer; kill += 1) {
    // Between the start and the next kill something has to come about, however slow the machine is.
    const enough = progress.answers + customersPerServer + ((seed * 7 + kill * 13) % 20);
    while (progress.answers < enough) await pause(5);
    await server.kill('SIGKILL');
    server = await startServerProcess(environment, build.program);
  }
  progress.over = true;
  const forms = (await Promise.all(customers)).flat();
  await pause(1500); // what the last crash left to the housekeeping
  const activities = await Promise.all(forms.map(({ id }) => activitiesOf(url, id)));
  await server.kill('SIGTERM');
  const cases = await casesOf(forms, dataDir, secret);
  rmSync(dataDir, { recursive: true });
  const accounts = forms.map((form, at) => settle(form, activities[at] ?? [], cases[at] ?? []));
  return { ...accounts.reduce(addUp), kills: killsPerServer };
}

/** A form, and what its customer was acknowledged. */
interface Form {
  id: string;
  acknowledged: string[];
  number: string | undefined;
}

interface Progress {
  over: boolean;
  answers: number;
}

/** One form after the other, each in a conversation of its own, to its end. */
async function fillForms(url: string, progress: Progress): Promise<Form[]> {
  const forms: Form[] = [];
  while (!progress.over) forms.push(await fillForm(url, progress));
  return forms;
}

async function fillForm(url: string, progress: Progress): Promise<Form> {
  const { conversationId: id } = await insist(`${url}/v3/directline/conversations`, { user: { id: `dl_${Math.random()}` } });
  const form: Form = { id, acknowledged: [], number: undefined };
  for (let words: string | undefined = wishes.initial; words !== undefined && form.acknowledged.length < 80; ) {
    const clientActivityID = `${id}-${form.acknowledged.length}`;
    const activity = { type: 'message', text: words, from: { id: 'x' }, channelData: { clientActivityID } };
    const send = () => insist(`${url}/v3/directline/conversations/${id}/activities`, activity);
    // Every third message goes out a second time, as from a client that did not hear the answer.
    const [{ id: message }] = await Promise.all(form.acknowledged.length % 3 === 0 ? [send(), send()] : [send()]);
    form.acknowledged.push(message as string);
    const reply = await replyTo(url, id, message as string);
    form.number = reply.channelData?.filing?.kind === 'opened' ? reply.channelData.filing.caseNumber : undefined;
    progress.answers += 1;
    words = form.number === undefined ? (answerTo(reply) ?? words) : undefined;
  }
  return form;
}

/** Undefined: a message that was cut off three times is answered with an apology, which asks to say it again. */
function answerTo(reply: PresentedActivity): string | undefined {
  const { kind, field } = reply.channelData?.filing ?? {};
  if (kind === 'ask' && field) return wordsFor(field as FieldKey, answers, { filerKind: 'enterprise', serviceKind: 'website' });
  const labels = reply.suggestedActions?.actions.map(({ value }) => value) ?? [];
  return kind === 'summary' ? labels.find((each) => each === wording.submitLabel) : labels[0];
}

function settle({ acknowledged, number }: Form, activities: readonly PresentedActivity[], cases: readonly FilingCase[]): Account {
  const asked = activities.flatMap(({ channelData }) => (channelData?.filing?.kind === 'ask' ? (channelData.filing.field ?? []) : []));
  const replies = acknowledged.map(
    (message) => activities.filter(({ replyToId, from }) => replyToId === message && from.role === 'bot').length,
  );
  const values = cases.find((filed) => filed.number === number && filed.state === 'ready')?.values ?? {};
  return {
    kills: 0,
    questions: asked.length,
    doubledQuestions: asked.length - new Set(asked).size,
    unanswered: replies.filter((count) => count === 0).length,
    doubledAnswers: replies.filter((count) => count > 1).length,
    submitted: number === undefined ? 0 : 1,
    surplusCases: Math.max(0, cases.length - 1),
    missingCases: cases.length === 0 ? 1 : 0,
    lostValues: Object.entries(expected).filter(([key, value]) => values[key as FieldKey] !== value).length,
  };
}

/** The cases that each form led to. */
async function casesOf(forms: readonly Form[], dataDir: string, secret: Buffer): Promise<FilingCase[][]> {
  const store = await openSealedStore(await openLmdbStore({ folder: join(dataDir, 'store'), takeOver: false }), dataKeys([secret]));
  const cases = new Cases({ store, files: { remove: async () => undefined }, secrets: [secret], draftDays: 90 });
  const numbers = (await cases.all()).map(({ number }) => number);
  const held = (id: string) => Promise.all(numbers.map((number) => cases.findHeld(number, id)));
  const found = await Promise.all(forms.map(async ({ id }) => (await held(id)).filter((filed) => filed !== undefined)));
  await store.close();
  return found;
}

const headers = { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json' };

interface Answered {
  id: string;
  conversationId: string;
  activities: PresentedActivity[];
  watermark: string;
}

/** Between two tries: while a server starts it needs the processor more than those who wait for it. */
const patienceMs = 100;

/** As clients do: the same request again until the server has answered it. */
async function insist(url: string, body?: unknown): Promise<Answered> {
  const request = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  for (;;) {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    const answered = await response?.json().catch(() => undefined);
    if (response?.ok && answered) return answered as Answered;
    if (response && !response.ok && response.status !== 429 && response.status !== 503) throw new Error(`refused with ${response.status}`);
    await pause(patienceMs);
  }
}

async function replyTo(url: string, id: string, message: string): Promise<PresentedActivity> {
  const position = Number(message.split('|')[1]);
  for (;;) {
    const { activities } = await insist(`${url}/v3/directline/conversations/${id}/activities?watermark=${position}`);
    const reply = activities.find(({ replyToId, from }) => replyToId === message && from.role === 'bot');
    if (reply) return reply;
    await pause(20);
  }
}

async function activitiesOf(url: string, id: string): Promise<PresentedActivity[]> {
  const all: PresentedActivity[] = [];
  for (let watermark = ''; ; ) {
    const page = await insist(`${url}/v3/directline/conversations/${id}/activities?watermark=${watermark}`);
    if (page.activities.length === 0) return all;
    all.push(...page.activities);
    watermark = page.watermark;
  }
}

function addUp(a: Account, b: Account): Account {
  return Object.fromEntries(Object.entries(a).map(([name, value]) => [name, value + b[name as keyof Account]])) as unknown as Account;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
