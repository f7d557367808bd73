import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { chinaDay } from '../../dialogs/china-day.ts';
import { readCommand } from '../../dialogs/commands.ts';
import { beginFor, type FilledIn, fillIn } from '../../dialogs/intake/fill-in.ts';
import { filingTypeLabels } from '../../dialogs/intake/wording.ts';
import type { Message } from '../../dialogs/message.ts';
import type { Agency } from '../../dialogs/messages.ts';
import type { Turn } from '../../dialogs/turn.ts';
import { filingTypes } from '../../knowledge/filing/filing-case.ts';
import { fieldKeys } from '../../knowledge/filing/form.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import type { Cases } from '../cases/cases.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { Inbox } from '../conversations/inbox.ts';
import { givenOut } from '../documents/given-out.ts';
import type { Duty } from '../handoffs/duty.ts';
import type { Claimed, Handoffs, Standing } from '../handoffs/handoffs.ts';
import { readJsonBody } from '../http/body.ts';
import { badArgument, HttpError, notFound, sendJson } from '../http/http-error.ts';
import type { Route, RoutedRequest } from '../http/web-server.ts';
import { sendFile } from '../send-file.ts';
import type { Files } from '../store/files.ts';
import type { Audit, AuditEntry } from './audit.ts';
import type { Board } from './board.ts';
import { briefOf, customerName } from './brief.ts';
import type { CannedReplies } from './canned-replies.ts';
import { type ConversationView, type Entries, type SignedIn, type Suggestion, skills, type Task } from './desk-api.ts';
import type { DeskGate } from './desk-gate.ts';
import { admitted, type DeskHandler, get, noContent, post } from './desk-route.ts';
import { contentOf } from './document-content.ts';
import { entriesOf, namesFile } from './transcript-view.ts';

export interface ConversationRoutesOptions {
  gate: DeskGate;
  board: Board;
  handoffs: Handoffs;
  conversations: Conversations;
  inbox: Inbox;
  cases: Cases;
  files: Files;
  duty: Duty;
  replies: CannedReplies;
  audit: Audit;
  knowledge: () => Knowledge;
  agency: Agency;
  wake: (conversation: string) => void;
  now: () => number;
}

const mostBytes = 64 * 1024;
const pageSize = 200;
const mostSuggestions = 3;
const suggestedFrom = 40;

const text = z.string().trim().min(1).max(4000);
const messageBody = z.strictObject({ id: z.string().min(1).max(100), text });
const noteBody = z.strictObject({ text });
const transferBody = z.strictObject({
  to: z.string().max(100).optional(),
  skill: z.enum(skills).optional(),
  note: z.string().trim().max(1000).default(''),
});
const takeOverBody = z.strictObject({ from: z.string().max(200) });
const formBody = z.strictObject({ field: z.enum(fieldKeys), value: z.string().trim().min(1).max(2000) });
const beginBody = z.strictObject({ filingType: z.enum(filingTypes), province: z.string().trim().min(1).max(50).optional() });
const presenceBody = z.strictObject({ available: z.boolean() });
const replyBody = z.strictObject({ id: z.string().max(100).optional(), title: z.string().trim().min(1).max(60), text });
const doneBody = z.strictObject({ left: z.number().int() });
const empty = z.strictObject({});

/** Something that an agent enters into the customer's form. */
interface Entering {
  request: RoutedRequest;
  response: ServerResponse;
  agent: SignedIn;
  message: Extract<Message, { kind: 'begin' | 'fill' }>;
  enter: (turn: Turn) => FilledIn;
  deed: Pick<AuditEntry, 'did' | 'why'>;
}

/** What agents do with conversations: take them from the queue, read, answer, pass on and give back. */
export class ConversationRoutes {
  readonly #options: ConversationRoutesOptions;

  constructor(options: ConversationRoutesOptions) {
    this.#options = options;
  }

  get routes(): Route[] {
    const of = 'conversations/:id';
    const agents = (handle: DeskHandler) => admitted(this.#options.gate, 'agent', handle.bind(this));
    return [
      get('queue', agents(this.#queue)),
      post('presence', agents(this.#setPresence)),
      post('next', agents(this.#next)),
      get(of, agents(this.#view)),
      get(`${of}/entries`, agents(this.#entries)),
      get(`${of}/files/:file`, agents(this.#file)),
      get(`${of}/suggestions`, agents(this.#suggest)),
      post(`${of}/claim`, agents(this.#claim)),
      post(`${of}/take-over`, admitted(this.#options.gate, 'supervisor', this.#takeOver.bind(this))),
      post(`${of}/messages`, agents(this.#say)),
      post(`${of}/typing`, agents(this.#typing)),
      post(`${of}/notes`, agents(this.#note)),
      post(`${of}/transfer`, agents(this.#transfer)),
      post(`${of}/complete`, agents(this.#complete)),
      post(`${of}/form`, agents(this.#fill)),
      post(`${of}/case`, agents(this.#begin)),
      get('replies', agents(this.#listReplies)),
      post('replies', agents(this.#keepReply)),
      post('replies/:id/remove', agents(this.#removeReply)),
      get('tasks', agents(this.#listTasks)),
      post('tasks/:id/done', agents(this.#finishTask)),
    ];
  }

  async #queue(_request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    sendJson(response, 200, await this.#options.board.queue(agent));
  }

  async #setPresence(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { available } = await readJsonBody(request, presenceBody, mostBytes);
    await this.#options.duty.setAvailable(agent, available);
    noContent(response);
  }

  /** Somebody else may be faster: then it is the next but one. */
  async #next(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    await readJsonBody(request, empty, mostBytes);
    const { board, handoffs } = this.#options;
    const tried = new Set<string>();
    for (;;) {
      const conversation = await board.next(agent, tried);
      if (conversation === undefined) return sendJson(response, 200, {});
      tried.add(conversation);
      const claimed = await handoffs.claim(conversation, agent);
      if (claimed.outcome === 'claimed') return sendJson(response, 200, { conversation });
    }
  }

  async #view(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { conversations, handoffs, inbox, knowledge, now } = this.#options;
    const standing = await this.#standing(request);
    const { conversation, owner, handoff } = standing;
    const { id } = conversation;
    const [session, notes, end, undelivered] = await Promise.all([
      inbox.session(id),
      handoffs.notes(id),
      conversations.transcriptEnd(id),
      conversations.undelivered(id),
    ]);
    const entries = entriesOf(await conversations.transcript(id, Math.max(0, end - pageSize), pageSize));
    const cases = await this.#casesOf(session.cases);
    const brief = briefOf({ conversation, session, handoff, entries, cases, knowledge: knowledge(), today: chinaDay(now()) });
    const view: ConversationView = {
      id,
      brief,
      owner,
      notes,
      undelivered: undelivered.map(({ position, reason, state }) => ({ position, reason, state })),
      entries,
      end,
      mine: isMine(standing, agent),
      ...(handoff && { handoff: handoff.state }),
    };
    sendJson(response, 200, view);
  }

  async #casesOf(numbers: readonly string[]) {
    const found = await Promise.all(numbers.map((number) => this.#options.cases.find(number)));
    return found.filter((filed) => filed !== undefined);
  }

  async #entries(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { conversations } = this.#options;
    const { conversation } = await this.#standing(request);
    const after = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('after') ?? 0);
    if (!Number.isSafeInteger(after) || after < 0) throw badArgument('after: write a position, from 0.');
    const transcript = await conversations.transcript(conversation.id, after, pageSize);
    const end = transcript.at(-1)?.position ?? (await conversations.transcriptEnd(conversation.id));
    sendJson(response, 200, { entries: entriesOf(transcript), end } satisfies Entries);
  }

  async #file(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { files, inbox } = this.#options;
    const { conversation } = await this.#standing(request);
    const { file = '' } = request.params;
    // Only what stands in this conversation, or in its form: a name alone opens nothing.
    const named = (await inbox.session(conversation.id)).form?.documents.some((document) => document.file === file) ?? false;
    if (!named && !(await this.#isInTranscript(conversation.id, file))) throw notFound();
    await sendFile(response, contentOf(await givenOut(files, file)), 'same-origin');
  }

  async #isInTranscript(id: string, file: string): Promise<boolean> {
    const { conversations } = this.#options;
    for (let after = 0; ; ) {
      const page = await conversations.transcript(id, after, pageSize);
      const last = page.at(-1);
      if (!last) return false;
      if (namesFile(page, file)) return true;
      after = last.position;
    }
  }

  async #suggest(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { conversations, knowledge, inbox } = this.#options;
    const { conversation } = await this.#standing(request);
    const end = await conversations.transcriptEnd(conversation.id);
    const last = await conversations.transcript(conversation.id, Math.max(0, end - suggestedFrom), suggestedFrom);
    const said = last.flatMap(({ activity: { from, text: words = '' } }) => (from.role === 'user' && words !== '' ? [words] : []));
    // Who says 转人工 asks for nothing that an answer would help with.
    const asked = said.findLast((words) => readCommand(words) === undefined);
    if (asked === undefined) return sendJson(response, 200, []);
    const after = (await inbox.session(conversation.id)).answered?.topic;
    const { results } = knowledge().match(asked, after === undefined ? {} : { after });
    const suggestions = results.slice(0, mostSuggestions).flatMap(({ id, confidence }): Suggestion[] => {
      const entry = knowledge().entry(id);
      return entry ? [{ topic: id, question: entry.question, confidence, text: entry.answer.trim() }] : [];
    });
    sendJson(response, 200, suggestions);
  }

  async #claim(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    await readJsonBody(request, empty, mostBytes);
    answerClaim(response, await this.#options.handoffs.claim(request.params.id ?? '', agent));
  }

  /** The supervisor names from whom: what they see may be older than what is. */
  async #takeOver(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { from } = await readJsonBody(request, takeOverBody, mostBytes);
    const { conversation, owner } = await this.#standing(request);
    const { id } = conversation;
    if (owner.kind === 'agent' && owner.id === from && from !== agent.id)
      await this.#options.audit.add({ by: agent.id, did: 'conversation-taken', what: `conversation:${id}`, why: `原由${owner.name}接待` });
    answerClaim(response, await this.#options.handoffs.claim(id, agent, from));
  }

  async #say(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { id, text: said } = await readJsonBody(request, messageBody, mostBytes);
    const outcome = await this.#options.handoffs.say(request.params.id ?? '', agent, id, said);
    if (outcome.outcome === 'not-yours') throw notYours();
    if (outcome.outcome === 'conflict') throw new HttpError(409, 'Conflict', 'This id was used for another message.');
    sendJson(response, 200, { position: outcome.position });
  }

  async #typing(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    await readJsonBody(request, empty, mostBytes);
    const { conversation } = await this.#held(request, agent);
    this.#options.conversations.showTyping(conversation.id, 'agent');
    noContent(response);
  }

  async #note(request: RoutedRequest, response: ServerResponse, { name }: SignedIn): Promise<void> {
    const { text: written } = await readJsonBody(request, noteBody, mostBytes);
    if (!(await this.#options.handoffs.addNote(request.params.id ?? '', { by: name, text: written }))) throw notFound();
    noContent(response);
  }

  async #transfer(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { to, skill, note } = await readJsonBody(request, transferBody, mostBytes);
    const target = to === undefined ? undefined : (await this.#options.duty.agents()).find(({ id }) => id === to);
    if (to !== undefined && !target) throw new HttpError(409, 'NotOnDuty', 'This agent is not at the desk.');
    if ((await this.#options.handoffs.transfer(request.params.id ?? '', agent, { to: target, skill, note })) !== 'done') throw notYours();
    noContent(response);
  }

  async #complete(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    await readJsonBody(request, empty, mostBytes);
    if ((await this.#options.handoffs.complete(request.params.id ?? '', agent)) !== 'done') throw notYours();
    noContent(response);
  }

  async #fill(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { field, value } = await readJsonBody(request, formBody, mostBytes);
    const message = { kind: 'fill', field, typed: value } as const;
    const enter = (turn: Turn) => fillIn(field, value, turn);
    await this.#enter({ request, response, agent, message, enter, deed: { did: 'form-filled', why: field } });
  }

  async #begin(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const beginning = await readJsonBody(request, beginBody, mostBytes);
    const message = { kind: 'begin', ...beginning } as const;
    const enter = (turn: Turn) => beginFor(beginning, turn);
    await this.#enter({
      request,
      response,
      agent,
      message,
      enter,
      deed: { did: 'form-begun', why: filingTypeLabels[beginning.filingType] },
    });
  }

  /** What is entered is looked at before it is queued, so that the agent learns at once what is wrong with it. */
  async #enter({ request, response, agent, message, enter, deed }: Entering): Promise<void> {
    const { inbox, knowledge, agency, audit, now, wake } = this.#options;
    const { conversation, owner } = await this.#held(request, agent);
    const { id } = conversation;
    const session = await inbox.session(id);
    const entered = enter({ message, session, owner, knowledge: knowledge(), agency, now: now(), turnId: '' });
    if ('reason' in entered) {
      return sendJson(response, 422, { error: { code: 'ValueRefused', message: 'The value is not accepted.' }, reason: entered.reason });
    }
    await audit.add({ by: agent.id, what: `conversation:${id}`, ...deed });
    await inbox.tell(id, message, `${message.kind}:${agent.id}:${now()}`);
    wake(id);
    noContent(response);
  }

  async #listReplies(_request: RoutedRequest, response: ServerResponse): Promise<void> {
    sendJson(response, 200, await this.#options.replies.all());
  }

  async #keepReply(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const kept = await this.#options.replies.keep(await readJsonBody(request, replyBody, mostBytes));
    if (!kept) throw new HttpError(409, 'NotKept', 'This reply is gone, or there are too many.');
    sendJson(response, 200, kept);
  }

  async #removeReply(request: RoutedRequest, response: ServerResponse): Promise<void> {
    await readJsonBody(request, empty, mostBytes);
    await this.#options.replies.remove(request.params.id ?? '');
    noContent(response);
  }

  async #listTasks(_request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { handoffs, conversations } = this.#options;
    const tasks = await Promise.all(
      (await handoffs.tasks()).map(async ({ conversation, left, tasks }) => {
        const found = await conversations.find(conversation);
        return { conversation, customer: customerName(found ?? { id: conversation }), channel: found?.channel ?? '', left, items: tasks };
      }),
    );
    sendJson(response, 200, tasks satisfies Task[]);
  }

  async #finishTask(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { left } = await readJsonBody(request, doneBody, mostBytes);
    const { id = '' } = request.params;
    if (!(await this.#options.handoffs.finishTasks(id, left))) throw new HttpError(409, 'MoreLeft', 'There is more to do meanwhile.');
    await this.#options.audit.add({ by: agent.id, did: 'task-finished', what: `conversation:${id}` });
    noContent(response);
  }

  async #held(request: RoutedRequest, agent: SignedIn): Promise<Standing> {
    const standing = await this.#standing(request);
    if (!isMine(standing, agent)) throw notYours();
    return standing;
  }

  async #standing({ params: { id = '' } }: RoutedRequest): Promise<Standing> {
    const standing = await this.#options.handoffs.standing(id);
    if (!standing) throw notFound();
    return standing;
  }
}

function answerClaim(response: ServerResponse, claimed: Claimed): void {
  if (claimed.outcome === 'unknown') throw notFound();
  if (claimed.outcome === 'claimed') noContent(response);
  else sendJson(response, 409, { error: { code: 'Taken', message: 'Another agent has it.' }, takenBy: claimed.by });
}

function isMine({ owner }: Standing, { id }: SignedIn): boolean {
  return owner.kind === 'agent' && owner.id === id;
}

const notYours = () => new HttpError(409, 'NotYours', 'You do not hold this conversation, or no longer.');
