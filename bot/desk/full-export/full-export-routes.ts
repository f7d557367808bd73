import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { chinaDay } from '../../../dialogs/china-day.ts';
import type { Cases } from '../../cases/cases.ts';
import { findNumbers } from '../../cases/filter.ts';
import type { AgencyCase } from '../../cases/kept-case.ts';
import { readJsonBody } from '../../http/body.ts';
import { HttpError, notFound, sendJson } from '../../http/http-error.ts';
import type { Limit } from '../../http/limits.ts';
import type { Route, RoutedRequest } from '../../http/web-server.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit, AuditEntry } from '../audit.ts';
import { exportedCases, filterSchema, signatureOfAgent, takeOnRecord } from '../case-routes.ts';
import type { Account, Deed, FullExportFetched, FullExportLine, FullExportList } from '../desk-api.ts';
import type { Admitted, DeskGate } from '../desk-gate.ts';
import { admitted, type DeskHandler, get, noContent, post, sendAll } from '../desk-route.ts';
import { recordedLine, requireNobodyNamed } from '../recorded-line.ts';
import { newFilePassword } from './file-password.ts';
import type { Decision, FullExport, FullExports, Outcome } from './full-exports.ts';
import { writeFullSheet } from './full-sheet.ts';
import { mayBeOnePerson } from './two-people.ts';

export interface FullExportRoutesOptions {
  gate: DeskGate;
  accounts: Accounts;
  audit: Audit;
  cases: Cases;
  fullExports: FullExports;
  /** How many one person may ask for. */
  fullExportLimit: Limit;
  now: () => number;
}

const mostBytes = 16 * 1024;
const mostCases = 1000;
/** So many cases are on record at once that their data goes out. */
const batch = 50;

const askSchema = z.strictObject({ filter: filterSchema, reason: recordedLine(200) });
const refuseSchema = z.strictObject({ why: recordedLine(200).optional() });
const fileSchema = z.strictObject({ ticket: z.string().max(100) });

/** Several cases with nothing covered, which takes two people: one asks, another agrees, the first fetches; see the table in `desk-api.ts`. */
export class FullExportRoutes {
  readonly #options: FullExportRoutesOptions;

  constructor(options: FullExportRoutesOptions) {
    this.#options = options;
  }

  get routes(): Route[] {
    return [
      get('full-exports', this.#for(this.#list)),
      post('full-exports', this.#for(this.#ask)),
      post('full-exports/:id/grant', this.#for(this.#grant)),
      post('full-exports/:id/refuse', this.#for(this.#refuse)),
      post('full-exports/:id/withdraw', this.#for(this.#withdraw)),
      post('full-exports/:id/fetch', this.#for(this.#fetch)),
      post('full-exports/:id/file', this.#for(this.#file)),
    ];
  }

  #for(handle: DeskHandler): Route['handle'] {
    return admitted(this.#options.gate, 'supervisor', handle.bind(this));
  }

  async #list(_request: RoutedRequest, response: ServerResponse, agent: Admitted): Promise<void> {
    const known = await this.#options.accounts.all();
    const supervisors = known.filter(isSupervisor);
    const found = await this.#options.fullExports.of(supervisors.map(({ id }) => id));
    const list: FullExportList = {
      exports: found.map((each) => lineOf(each, agent, known)),
      others: supervisors.filter(({ id }) => id !== agent.id).length,
      most: mostCases,
    };
    sendJson(response, 200, list);
  }

  async #ask(request: RoutedRequest, response: ServerResponse, agent: Admitted): Promise<void> {
    const { filter, reason } = await readJsonBody(request, askSchema, mostBytes);
    const { gate, accounts, audit, cases, fullExports, fullExportLimit, now } = this.#options;
    requireNobodyNamed([reason], 'ReasonNamesPerson');
    const known = await accounts.all();
    if (!known.some((each) => isSupervisor(each) && each.id !== agent.id)) {
      throw new HttpError(409, 'NobodyElse', 'There is no other supervisor who could agree.');
    }
    gate.requireConfirmed(agent);
    const numbers = await findNumbers(cases, filter, now());
    if (numbers.length === 0) throw new HttpError(422, 'NothingToExport', 'There are no such cases.');
    if (numbers.length > mostCases) {
      const facts = { cases: numbers.length, most: mostCases };
      throw new HttpError(422, 'TooManyCases', `${numbers.length} cases, of which ${mostCases} go out at most.`, {}, facts);
    }
    const why = `${exportedCases(numbers.length, filter)}; ${reason}`;
    await takeOnRecord(fullExportLimit, agent, () => audit.add({ by: agent.id, did: 'full-export-limited', why }));
    const asked = await fullExports.ask({ by: agent.id, reason, filter, numbers }, { by: agent.id, did: 'full-export-asked', why });
    if (!asked) throw new HttpError(409, 'ExportOpen', 'There is one of yours already: fetch it, or withdraw it.');
    sendJson(response, 200, lineOf(asked, agent, known));
  }

  async #grant(request: RoutedRequest, response: ServerResponse, agent: Admitted): Promise<void> {
    const { gate, audit, now } = this.#options;
    const found = await this.#existing(request);
    requireOther(found, agent);
    gate.requireConfirmed(agent);
    if (await mayBeOnePerson(audit, [found.by, agent.id], now())) throw maybeOnePerson();
    await this.#decide(found, agent, { state: 'granted' }, 'full-export-granted');
    noContent(response);
  }

  async #refuse(request: RoutedRequest, response: ServerResponse, agent: Admitted): Promise<void> {
    const { why } = await readJsonBody(request, refuseSchema, mostBytes);
    const found = await this.#existing(request);
    requireOther(found, agent);
    requireNobodyNamed(why === undefined ? [] : [why], 'ReasonNamesPerson');
    await this.#decide(found, agent, { state: 'refused', ...(why !== undefined && { why }) }, 'full-export-refused');
    noContent(response);
  }

  async #withdraw(request: RoutedRequest, response: ServerResponse, agent: Admitted): Promise<void> {
    const found = await this.#existing(request);
    requireDone(await this.#options.fullExports.withdraw(found.id, agent.id, entryOf('full-export-withdrawn', found, agent)));
    noContent(response);
  }

  async #fetch(request: RoutedRequest, response: ServerResponse, agent: Admitted): Promise<void> {
    const { gate, audit, accounts, fullExports, now } = this.#options;
    const found = await this.#existing(request);
    if (found.by !== agent.id) throw refusalOf('others');
    const decidedBy = found.state === 'granted' ? found.decided?.by : undefined;
    if (decidedBy === undefined) throw refusalOf('not-granted');
    gate.requireConfirmed(agent);
    // Who has lost the right to say yes meanwhile has not said it; and nobody has come into the other's account since.
    const granter = await accounts.find(decidedBy);
    if (!granter || !isSupervisor(granter)) throw refusalOf('not-granted');
    if (await mayBeOnePerson(audit, [agent.id, decidedBy], now())) throw maybeOnePerson();
    const numbers = (await this.#living(found.numbers)).map(({ number }) => number);
    const gone = found.numbers.length - numbers.length;
    const password = newFilePassword();
    const fetched = await fullExports.fetch(
      found.id,
      { session: agent.session, by: agent.id, numbers, password },
      decidedBy,
      entryOf('full-export-fetched', { ...found, numbers }, agent, `granted by ${granter.login}${gone > 0 ? `, ${gone} gone` : ''}`),
    );
    if (fetched.outcome !== 'done') throw refusalOf(fetched.outcome);
    sendJson(response, 200, { password, ticket: fetched.ticket, cases: numbers.length, gone } satisfies FullExportFetched);
  }

  async #file(request: RoutedRequest, response: ServerResponse, agent: Admitted): Promise<void> {
    const { ticket } = await readJsonBody(request, fileSchema, mostBytes);
    const { accounts, fullExports, now } = this.#options;
    const file = await fullExports.redeem(ticket, agent.session);
    if (!file) throw new HttpError(410, 'ExportGone', 'The ticket was used before, has ended, or is of another session.');
    const [cases, known] = await Promise.all([this.#living(file.numbers), accounts.all()]);
    // Recorded before the first byte leaves: what cannot be recorded is not handed out.
    await this.#record(cases, await signatureOfAgent(accounts, agent));
    const names = new Map(known.map(({ id, name }) => [id, name]));
    const day = chinaDay(now());
    response.writeHead(200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="cases-${day}.zip"; filename*=UTF-8''${encodeURIComponent(`受理单完整导出-${day}`)}.zip`,
      'Cache-Control': 'no-store',
    });
    await sendAll(
      writeFullSheet(cases, (id) => names.get(id) ?? id, file.password, now()),
      response,
    );
  }

  /** Throws 404 for what is none, and where who asked has lost the right to. */
  async #existing({ params: { id = '' } }: RoutedRequest): Promise<FullExport> {
    const found = /^[0-9a-f]{16}-[0-9a-f]{16}$/.test(id) ? await this.#options.fullExports.find(id) : undefined;
    const asker = found && (await this.#options.accounts.find(found.by));
    if (!found || !asker || !isSupervisor(asker)) throw notFound();
    return found;
  }

  async #decide(found: FullExport, agent: Admitted, decision: Decision, did: Deed): Promise<void> {
    const more = decision.state === 'refused' ? decision.why : undefined;
    requireDone(await this.#options.fullExports.decide(found.id, agent.id, decision, entryOf(did, found, agent, more)));
  }

  /** Of what was erased since, only that it was is left. */
  async #living(numbers: readonly string[]): Promise<AgencyCase[]> {
    return (await this.#options.cases.findAll(numbers)).filter(({ state }) => state !== 'erased');
  }

  /** On the record of each case, by which those are found whose data it was. */
  async #record(cases: readonly AgencyCase[], signature: string): Promise<void> {
    for (let from = 0; from < cases.length; from += batch) {
      await Promise.all(cases.slice(from, from + batch).map(({ number }) => this.#options.cases.record(number, signature, 'export')));
    }
  }
}

function isSupervisor({ active, role }: Account): boolean {
  return active && role !== 'agent';
}

function lineOf(
  { id, by, at, until, reason, filter, numbers, state, decided }: FullExport,
  agent: Admitted,
  known: readonly Account[],
): FullExportLine {
  const nameOf = (account: string) => known.find((each) => each.id === account)?.name ?? account;
  const worker = known.find((each) => each.id === filter.agent)?.name;
  return {
    id,
    by: nameOf(by),
    mine: by === agent.id,
    at,
    until,
    reason,
    filter,
    ...(worker !== undefined && { worker }),
    cases: numbers.length,
    state,
    ...(decided && { decided: { ...decided, by: nameOf(decided.by) } }),
  };
}

/** What was asked for, so that the lines on record belong together, and whose it was. */
function entryOf(did: Deed, { by, numbers, filter, reason }: FullExport, agent: Admitted, more?: string): AuditEntry {
  const why = [exportedCases(numbers.length, filter), reason, ...(more === undefined ? [] : [more])].join('; ');
  return { by: agent.id, did, ...(by !== agent.id && { what: `account:${by}` }), why };
}

function requireOther({ by }: FullExport, agent: Admitted): void {
  if (by === agent.id) throw refusalOf('own');
}

function requireDone(outcome: Outcome): void {
  if (outcome !== 'done') throw refusalOf(outcome);
}

function refusalOf(outcome: Exclude<Outcome, 'done'>): HttpError {
  switch (outcome) {
    case 'gone':
      return notFound();
    case 'own':
      return new HttpError(403, 'OwnExport', 'Another supervisor decides on what you have asked for.');
    case 'others':
      return new HttpError(403, 'ExportOfOthers', 'Only who has asked for it may do this.');
    case 'decided':
      return new HttpError(409, 'ExportDecided', 'Somebody has decided on it already, or it was fetched.');
    case 'not-granted':
      return new HttpError(409, 'ExportNotGranted', 'Nobody has agreed to it, or it was fetched already.');
  }
}

const maybeOnePerson = () =>
  new HttpError(
    403,
    'OnePerson',
    'In the last seven days one of the two accounts has made, opened or promoted the other, or a third has both.',
  );
