import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Correction, correct } from '../../dialogs/correction.ts';
import { meant } from '../../dialogs/intake/wording.ts';
import { parseCaseNumber } from '../../knowledge/filing/case-number.ts';
import { caseStates, filingTypes } from '../../knowledge/filing/filing-case.ts';
import { fieldKeys } from '../../knowledge/filing/form.ts';
import { writeCases } from '../cases/case-sheet.ts';
import type { Cases } from '../cases/cases.ts';
import { type CaseFilter, findCases, findPage } from '../cases/filter.ts';
import type { AgencyCase } from '../cases/kept-case.ts';
import { staffValue } from '../cases/staff-view.ts';
import { givenOut } from '../documents/given-out.ts';
import { readJsonBody } from '../http/body.ts';
import { HttpError, notFound, sendJson } from '../http/http-error.ts';
import type { Limit } from '../http/limits.ts';
import type { Route, RoutedRequest } from '../http/web-server.ts';
import { sendFile } from '../send-file.ts';
import type { Files } from '../store/files.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Audit } from './audit.ts';
import { type Colleagues, caseLineOf, caseViewOf, isCovered } from './case-view.ts';
import type { Account, CaseList, Colleague, Deed, Role, SignedIn } from './desk-api.ts';
import type { Admitted, DeskGate } from './desk-gate.ts';
import { admitted, type DeskHandler, get, post } from './desk-route.ts';
import { contentOf } from './document-content.ts';

export interface CaseRoutesOptions {
  gate: DeskGate;
  accounts: Accounts;
  audit: Audit;
  cases: Cases;
  files: Files;
  /** How many covered values one person may see. */
  revealLimit: Limit;
  now: () => number;
}

const mostBytes = 16 * 1024;
const pageSize = 50;

const days = z.number().int().min(0).max(36_500);
export const filterSchema = z.strictObject({
  state: z.enum(caseStates).optional(),
  type: z.enum(filingTypes).optional(),
  province: z
    .string()
    .regex(/^\d{2}$/)
    .optional(),
  olderThanDays: days.optional(),
  newerThanDays: days.optional(),
  agent: z.string().max(40).optional(),
  search: z.string().trim().min(1).max(100).optional(),
});
const querySchema = filterSchema.extend({ page: z.number().int().min(0).max(100_000).optional() });
const stateSchema = z.strictObject({ state: z.enum(caseStates), note: z.string().trim().max(1000).optional() });
const valueSchema = z.strictObject({ field: z.enum(fieldKeys), value: z.string().trim().min(1).max(2000), sure: z.boolean().optional() });
const agentSchema = z.strictObject({ to: z.string().max(40).optional() });
const revealSchema = z.strictObject({ field: z.enum(fieldKeys), reason: z.string().trim().min(2).max(200) });

/** The filing cases at the desk; see the table in `desk-api.ts`. */
export class CaseRoutes {
  readonly #options: CaseRoutesOptions;

  constructor(options: CaseRoutesOptions) {
    this.#options = options;
  }

  get routes(): Route[] {
    return [
      get('colleagues', this.#for('agent', this.#listColleagues)),
      post('cases/search', this.#for('agent', this.#search)),
      post('cases/export', this.#for('supervisor', this.#export)),
      get('cases/:number', this.#for('agent', this.#view)),
      get('cases/:number/files/:file', this.#for('agent', this.#file)),
      post('cases/:number/state', this.#for('agent', this.#setState)),
      post('cases/:number/value', this.#for('agent', this.#correct)),
      post('cases/:number/agent', this.#for('agent', this.#assign)),
      post('cases/:number/reveal', this.#for('supervisor', this.#reveal)),
    ];
  }

  #for(role: Role, handle: DeskHandler): Route['handle'] {
    return admitted(this.#options.gate, role, handle.bind(this));
  }

  async #listColleagues(_request: RoutedRequest, response: ServerResponse): Promise<void> {
    const active = (await this.#options.accounts.all()).filter((account) => account.active);
    sendJson(
      response,
      200,
      active.map(({ id, name }): Colleague => ({ id, name })),
    );
  }

  async #search(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { page = 0, ...filter } = await readJsonBody(request, querySchema, mostBytes);
    const { cases, now } = this.#options;
    const [found, colleagues] = await Promise.all([findPage(cases, filter, now(), { page, size: pageSize }), this.#colleagues()]);
    const list: CaseList = { cases: found.cases.map((filed) => caseLineOf(filed, colleagues)), total: found.total, pageSize };
    sendJson(response, 200, list);
  }

  async #export(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { page: _, ...filter } = await readJsonBody(request, querySchema, mostBytes);
    const { cases, now } = this.#options;
    const found = await findCases(cases, filter, now());
    await this.#record(agent, 'cases-exported', undefined, exportedCases(found.length, filter));
    const sheet = writeCases(found);
    response.writeHead(200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Length': sheet.length,
      'Content-Disposition': 'attachment; filename="cases.csv"',
    });
    response.end(sheet);
  }

  async #view(request: RoutedRequest, response: ServerResponse): Promise<void> {
    await this.#show(response, numberOf(request));
  }

  async #file(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { cases, files } = this.#options;
    const filed = await this.#existing(numberOf(request));
    const { file = '' } = request.params;
    // Only what the case has: a name alone opens nothing.
    if (!filed.documents.some((document) => document.file === file)) throw notFound();
    const content = contentOf(await givenOut(files, file));
    // Recorded before it is shown: what cannot be recorded is not shown.
    await this.#record(agent, 'case-document-read', filed.number);
    await cases.record(filed.number, await this.#signature(agent), 'read-documents');
    await sendFile(response, content, 'same-origin');
  }

  async #setState(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { state, note } = await readJsonBody(request, stateSchema, mostBytes);
    const number = numberOf(request);
    const set = await this.#options.cases.setState(number, state, { note: note || undefined, by: await this.#signature(agent) });
    if (set.outcome === 'unknown') throw notFound();
    if (set.outcome === 'not-allowed') throw new HttpError(409, 'StateNotAllowed', `A case that is ${set.from} cannot become ${state}.`);
    if (set.outcome === 'done') await this.#record(agent, 'case-state-set', number, state);
    await this.#show(response, number);
  }

  async #correct(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { field, value: typed, sure = false } = await readJsonBody(request, valueSchema, mostBytes);
    const { cases, now } = this.#options;
    const number = numberOf(request);
    const at = now();
    const read = (filed: AgencyCase): Correction => correct(filed, { field, typed, sure }, at);
    const corrected = await cases.correct(number, field, read, await this.#signature(agent));
    switch (corrected.outcome) {
      case 'unknown':
        throw notFound();
      case 'not-open':
        throw new HttpError(409, 'CaseNotOpen', 'The customer has not submitted it yet, or it has ended.');
      case 'not-accepted':
        return sendJson(response, 422, refusal(corrected.correction));
      case 'done':
        await this.#record(agent, 'case-corrected', number, field);
        break;
      case 'unchanged':
        break;
    }
    await this.#show(response, number);
  }

  async #assign(request: RoutedRequest, response: ServerResponse, agent: SignedIn): Promise<void> {
    const { to } = await readJsonBody(request, agentSchema, mostBytes);
    const number = numberOf(request);
    const worker = to === undefined ? undefined : await this.#options.accounts.find(to);
    if (to !== undefined && !worker?.active) throw new HttpError(409, 'NoSuchColleague', 'There is no such account, or it is not active.');
    const signatures = { by: await this.#signature(agent), ...(worker && { to: signatureOf(worker) }) };
    if (!(await this.#options.cases.assign(number, to, signatures))) throw notFound();
    await this.#record(agent, 'case-assigned', number, worker ? `to ${worker.id}` : 'to nobody');
    await this.#show(response, number);
  }

  async #reveal(request: RoutedRequest, response: ServerResponse, agent: Admitted): Promise<void> {
    const { field, reason } = await readJsonBody(request, revealSchema, mostBytes);
    const { cases, revealLimit, gate } = this.#options;
    const { number, values } = await this.#existing(numberOf(request));
    if (!isCovered(field) || values[field] === undefined) throw notFound();
    gate.requireConfirmed(agent);
    const why = `${field}: ${reason}`;
    await takeOnRecord(revealLimit, agent, () => this.#record(agent, 'case-reveal-refused', number, why));
    await this.#record(agent, 'case-revealed', number, why);
    await cases.record(number, await this.#signature(agent), 'reveal', { field });
    sendJson(response, 200, { value: staffValue(field, values, true) });
  }

  async #show(response: ServerResponse, number: string): Promise<void> {
    const [filed, entries, colleagues] = await Promise.all([this.#existing(number), this.#options.cases.audit(number), this.#colleagues()]);
    sendJson(response, 200, caseViewOf(filed, entries, colleagues));
  }

  async #existing(number: string): Promise<AgencyCase> {
    const filed = await this.#options.cases.findForAgency(number);
    if (!filed) throw notFound();
    return filed;
  }

  async #colleagues(): Promise<Colleagues> {
    return new Map((await this.#options.accounts.all()).map(({ id, name }) => [id, { id, name }]));
  }

  #signature(agent: SignedIn): Promise<string> {
    return signatureOfAgent(this.#options.accounts, agent);
  }

  #record({ id }: SignedIn, did: Deed, number: string | undefined, why?: string): Promise<void> {
    const what = number === undefined ? {} : { what: `case:${number}` };
    return this.#options.audit.add({ by: id, did, ...what, ...(why !== undefined && { why }) });
  }
}

/** As a case names people of the agency, in its own record, which outlives accounts. */
function signatureOf({ name, login }: Account): string {
  return `${name} (${login})`;
}

/** The same, for who is signed in. */
export async function signatureOfAgent(accounts: Pick<Accounts, 'find'>, { id }: SignedIn): Promise<string> {
  const account = await accounts.find(id);
  if (!account) throw new Error(`There is no account ${id}, which is signed in.`);
  return signatureOf(account);
}

/** Takes one of what a person may ask for in a while. Who asks for more than anybody needs is worth a look: that is recorded, then refused. */
export async function takeOnRecord(limit: Limit, { id }: SignedIn, recordRefusal: () => Promise<void>): Promise<void> {
  try {
    await limit.take(id);
  } catch (refusal) {
    if (refusal instanceof HttpError) await recordRefusal();
    throw refusal;
  }
}

function refusal(correction: Correction) {
  if ('meant' in correction) {
    return { error: { code: 'ValueToConfirm', message: 'Another value was probably meant.' }, reason: meant(correction.meant) };
  }
  return {
    error: { code: 'ValueRefused', message: 'The value is not accepted.' },
    reason: 'refused' in correction ? correction.refused : '',
  };
}

/** How many, and which, without what was searched for. */
export function exportedCases(count: number, { search, ...filter }: CaseFilter): string {
  const choices = Object.entries(filter).map(([name, value]) => `${name} ${value}`);
  return [`${count} case(s)`, ...choices, ...(search === undefined ? [] : ['a search'])].join(', ');
}

/** A number that is none, or has a wrong digit, has no case. */
export function numberOf({ params: { number = '' } }: RoutedRequest): string {
  const parsed = parseCaseNumber(number);
  if (!parsed.ok) throw notFound();
  return parsed.value.number;
}
