import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { readJsonBody } from '../../http/body.ts';
import { HttpError, notFound, sendJson } from '../../http/http-error.ts';
import type { Route, RoutedRequest } from '../../http/web-server.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Settled } from '../desk-api.ts';
import type { DeskGate } from '../desk-gate.ts';
import { get, noContent, post } from '../desk-route.ts';
import type { Misses, Outcome, Refusal } from './misses.ts';
import { FaultyKnowledge, TooManyStudies } from './studies.ts';

const mostBytes = 256 * 1024;
const question = z.string().min(1).max(2000);
const questions = z.array(question).min(1).max(1000);
const phrasing = z
  .string()
  .trim()
  .min(2)
  .max(120)
  .regex(/^[^\p{Cc}]*$/u, 'one line')
  .regex(/[\p{L}\p{N}]/u, 'no word');
const phrasings = z
  .array(phrasing)
  .min(1)
  .max(20)
  .refine((all) => new Set(all).size === all.length, 'each once');
const topicId = z.string().min(1).max(100);
const proposalSchema = z.strictObject({ topic: topicId, phrasings, questions });
const acceptanceSchema = proposalSchema.extend({ digest: z.string().min(1).max(100) });
const draftSchema = z.strictObject({ question: phrasing.max(40), phrasings, questions });
const dismissalSchema = z.strictObject({ questions, why: z.string().trim().max(200).default('') });
const undoSchema = z.strictObject({ id: z.string().min(1).max(100) });
const daysSchema = z.coerce.number().int().min(1).max(366).default(30);

export interface MissRoutesOptions {
  gate: DeskGate;
  accounts: Pick<Accounts, 'all'>;
  misses: Misses;
}

/** What customers asked in vain, and what supervisors make of it; see the table in `desk-api.ts`. */
export function missRoutes({ gate, accounts, misses }: MissRoutesOptions): Route[] {
  /** With names in place of ids. */
  async function named(settled: readonly Settled[]): Promise<Settled[]> {
    const names = new Map((await accounts.all()).map(({ id, name }) => [id, name]));
    return settled.map((each) => ({ ...each, by: names.get(each.by) ?? each.by }));
  }

  async function sendSettled(response: ServerResponse, settled: Settled): Promise<void> {
    sendJson(response, 200, (await named([settled]))[0]);
  }

  return [
    get('misses', async (request, response) => {
      await gate.admit(request, 'supervisor');
      const days = daysOf(request);
      const { settled, ...overview } = await studied(misses.overview(days));
      sendJson(response, 200, { ...overview, settled: await named(settled) });
    }),
    post('misses/preview', async (request, response) => {
      await gate.admit(request, 'supervisor');
      const proposal = await readJsonBody(request, proposalSchema, mostBytes);
      sendJson(response, 200, done(await studied(misses.try(proposal))));
    }),
    post('misses/accept', async (request, response) => {
      const { id } = await gate.admit(request, 'supervisor');
      const acceptance = await readJsonBody(request, acceptanceSchema, mostBytes);
      await sendSettled(response, done(await studied(misses.accept(acceptance, id))));
    }),
    post('misses/draft', async (request, response) => {
      const { id } = await gate.admit(request, 'supervisor');
      await sendSettled(response, done(await misses.draft(await readJsonBody(request, draftSchema, mostBytes), id)));
    }),
    get('misses/drafts/:file', async (request, response) => {
      await gate.admit(request, 'supervisor');
      const file = request.params.file ?? '';
      const sheet = await misses.sheet(file);
      if (!sheet) throw notFound();
      response.writeHead(200, {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="${file}"`,
        'X-Content-Type-Options': 'nosniff',
      });
      response.end(sheet);
    }),
    post('misses/dismiss', async (request, response) => {
      const { id } = await gate.admit(request, 'supervisor');
      await sendSettled(response, done(await misses.dismiss(await readJsonBody(request, dismissalSchema, mostBytes), id)));
    }),
    post('misses/undo', async (request, response) => {
      const { id: by } = await gate.admit(request, 'supervisor');
      const { id } = await readJsonBody(request, undoSchema, mostBytes);
      done(await studied(misses.undo(id, by)));
      noContent(response);
    }),
  ];
}

const refusals: Record<Refusal, readonly [status: number, code: string, message: string]> = {
  'unknown-topic': [409, 'UnknownTopic', 'There is no such topic any more.'],
  'personal-data': [422, 'PersonalData', 'A phrasing has, or had, personal data in it: write it without.'],
  'read-only': [409, 'KnowledgeReadOnly', 'The knowledge base cannot be written from here: change its files and deploy them.'],
  busy: [409, 'KnowledgeBusy', 'Somebody else is changing the knowledge base: try again.'],
  'knowledge-changed': [409, 'KnowledgeChanged', 'The knowledge base is no longer what was looked at: try it again first.'],
  'not-sound': [409, 'NotSound', 'The check finds faults: see the trial.'],
  'already-settled': [409, 'AlreadySettled', 'Somebody has settled these questions.'],
  unknown: [404, 'NotFound', 'This is not settled any more.'],
  'changed-since': [409, 'ChangedSince', 'What was written is no longer as it was: nothing was changed.'],
};

function done<T>(outcome: Outcome<T>): T {
  if ('done' in outcome) return outcome.done;
  throw new HttpError(...refusals[outcome.refused]);
}

async function studied<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof FaultyKnowledge) throw new HttpError(409, 'KnowledgeFaulty', error.message);
    if (error instanceof TooManyStudies) throw new HttpError(503, 'TooManyStudies', error.message, { 'Retry-After': '10' });
    throw error;
  }
}

function daysOf(request: RoutedRequest): number {
  const typed = new URL(request.url ?? '/', 'http://localhost').searchParams.get('days') ?? undefined;
  const { data } = daysSchema.safeParse(typed);
  if (data === undefined) throw new HttpError(400, 'BadArgument', 'days: from 1 to 366.');
  return data;
}
