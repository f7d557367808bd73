import { z } from 'zod';
import { type Answer, type Call, json } from './api-call.ts';
import type { CustomerService } from './customer-service.ts';
import { namedFaults } from './faults.ts';
import type { OfficialAccount } from './official-account.ts';
import type { WecomApp } from './wecom.ts';
import type { World } from './world.ts';

/** What a stand-in in another process can be told, for suites that start everything as it runs in production. */

export interface Accounts {
  officialAccounts: readonly OfficialAccount[];
  wecomApps: readonly WecomApp[];
  customerServices: readonly CustomerService[];
}

const prefix = '/__ctl/';
/** An account by `gh_…`, `corpId:agentId` or open_kfid, and somebody there. */
const person = z.object({ account: z.string(), user: z.string() });
const rule = z.object({
  path: z.string(),
  nth: z.int().default(1),
  times: z.int().default(1),
  action: z.union([z.enum(namedFaults), z.object({ delayMs: z.number() }), z.object({ errcode: z.int() })]),
});

/** The answer to a request under `/__ctl/`; `undefined` for all others. Mistakes are answered with 400 and their reason. */
export function control({ method, path, body }: Call, accounts: Accounts, world: World): Promise<Answer> | undefined {
  if (!path.startsWith(prefix)) return undefined;
  const [verb = '', argument = ''] = path.slice(prefix.length).split('/');
  const run =
    method === 'GET' ? look(verb, decodeURIComponent(argument), accounts, world) : act(verb, argument, body.toString(), accounts, world);
  return run.then(
    (result) => ({ ...json({}), body: JSON.stringify(result ?? null, (_, value) => (typeof value === 'bigint' ? String(value) : value)) }),
    (error: Error) => ({ status: 400, type: 'text/plain', body: error.message }),
  );
}

async function look(what: string, who: string, accounts: Accounts, { journal }: World): Promise<unknown> {
  switch (what) {
    case 'inbox':
      return everybody(accounts).find(({ id }) => id === who)?.phone.items ?? [];
    case 'journal':
      return journal.entries;
    case 'metrics':
      return {
        pushes: countBy(journal.pushes().map(({ outcome }) => outcome)),
        calls: journal.calls().length,
        markFails: journal.markFails.length,
        discarded: journal.discarded.length,
        complaints: journal.complaints,
      };
    default:
      throw new Error(`There is nothing to see under ${what}.`);
  }
}

async function act(verb: string, argument: string, body: string, accounts: Accounts, world: World): Promise<unknown> {
  const order: unknown = JSON.parse(body || '{}');
  switch (verb) {
    case 'user':
      return { id: personOf(order, accounts).id };
    case 'push':
      return personOf(order, accounts).says(z.object({ text: z.string() }).parse(order).text);
    case 'tap':
      return personOf(order, accounts).taps(z.object({ line: z.string() }).parse(order).line);
    case 'follow':
      return followerOf(order, accounts).follows();
    case 'unfollow':
      return followerOf(order, accounts).unfollows();
    case 'enter':
      return customerOf(order, accounts).customer.enters();
    case 'advance':
      return world.clock.advance(z.object({ ms: z.number() }).parse(order).ms);
    case 'fault':
      return world.faults.add(rule.parse(order));
    case 'weather':
      return world.faults.setWeather(z.object({ share: z.number() }).parse(order));
    case 'agent':
      return actAsAgent(argument, order, accounts);
    default:
      throw new Error(`There is nothing to do under ${verb}.`);
  }
}

async function actAsAgent(verb: string, order: unknown, accounts: Accounts): Promise<unknown> {
  const { kf, customer } = customerOf(order, accounts);
  const agent = kf.agent(z.object({ agent: z.string() }).parse(order).agent);
  switch (verb) {
    case 'accept':
      return agent.accepts(customer);
    case 'write':
      return agent.writes(customer, z.object({ text: z.string() }).parse(order).text);
    case 'end':
      return agent.ends(customer);
    default:
      throw new Error(`An agent cannot ${verb}.`);
  }
}

function personOf(order: unknown, accounts: Accounts) {
  const { account, user } = person.parse(order);
  const app = accounts.wecomApps.find((candidate) => candidate.account.name === account);
  if (app) return app.user(user);
  const isKf = accounts.customerServices.some(({ openKfId }) => openKfId === account);
  return isKf ? customerOf(order, accounts).customer : followerOf(order, accounts);
}

function followerOf(order: unknown, { officialAccounts }: Accounts) {
  const { account, user } = person.parse(order);
  const found = officialAccounts.find((candidate) => candidate.account.name === account);
  if (!found) throw new Error(`There is no account ${account}.`);
  return found.user(user);
}

function customerOf(order: unknown, { customerServices }: Accounts) {
  const { account, user } = person.parse(order);
  const kf = customerServices.find(({ openKfId }) => openKfId === account);
  if (!kf) throw new Error(`There is no account ${account} of customer service.`);
  return { kf, customer: kf.customer(user) };
}

function everybody({ officialAccounts, wecomApps, customerServices }: Accounts) {
  return [
    ...officialAccounts.flatMap(({ users }) => users),
    ...wecomApps.flatMap(({ users }) => users),
    ...customerServices.flatMap(({ customers }) => customers),
  ];
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
