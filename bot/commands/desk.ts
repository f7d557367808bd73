import { z } from 'zod';
import { accountDraftSchema, loginSchema } from '../desk/accounts/account-fields.ts';
import { Accounts } from '../desk/accounts/accounts.ts';
import { invitationLink, readable } from '../desk/accounts/accounts-api.ts';
import { KeptAccounts } from '../desk/accounts/kept-accounts.ts';
import { SecondFactors } from '../desk/accounts/second-factors.ts';
import { Audit } from '../desk/audit.ts';
import { type Account, type AuditLine, roles, skills } from '../desk/desk-api.ts';
import { schemaFaults } from '../schema-faults.ts';
import { lookIn, Refusal } from './look-in.ts';
import { Mistake, runCommand, typedArguments } from './run-command.ts';

const usage = `npm run desk -- …
  invite     LOGIN [--name NAME] [--role ROLE] [--skills S,…]    prints a link by which a password is set, once and within a day; for an
                                                                 account that exists, it takes the place of its password and sessions
  accounts                       lists the accounts
  deactivate LOGIN               ends the sessions, and no new one is begun
  activate   LOGIN
  reset-second-factor LOGIN      for who has lost the phone and the recovery codes; the sessions end
  audit      [--limit N]         the newest records of who did what, after checking that none of all was changed
ROLE: ${roles.join(', ')}; by itself administrator
S:    ${skills.join(', ')}
`;

const by = 'command';

interface Desk {
  accounts: Accounts;
  secondFactors: SecondFactors;
  audit: Audit;
  publicUrl: string;
}

type Options = ReturnType<typeof readArguments>['values'];

/** `npm run desk`: the first account, and help for those who are locked out; also while the bot runs. */
async function main(): Promise<void> {
  const { values: options, positionals } = readArguments();
  const [command = '', ...rest] = positionals;
  if (options.help || command === 'help') {
    console.log(usage);
    return;
  }
  const run = commandOf(command, rest, options);
  const { config, store } = await lookIn();
  try {
    const audit = new Audit(store);
    const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`;
    const kept = new KeptAccounts(store, audit);
    await run({ audit, accounts: new Accounts(kept), secondFactors: new SecondFactors(kept), publicUrl });
  } finally {
    await store.close();
  }
}

/** How many words may follow each command. */
const wordsOf: Record<string, number> = { invite: 1, accounts: 0, deactivate: 1, activate: 1, 'reset-second-factor': 1, audit: 0 };

/** Reads the arguments: what is wrong with them is told before anything is opened. */
function commandOf(command: string, rest: readonly string[], options: Options): (desk: Desk) => Promise<void> {
  const words = Object.hasOwn(wordsOf, command) ? wordsOf[command] : undefined;
  if (words === undefined) throw new Mistake(command === '' ? 'Say what to do.' : `There is no command ${command}.`);
  const left = rest[words];
  if (left !== undefined) throw new Mistake(`${left} is too much here.`);
  refuseForeign(command, options);
  switch (command) {
    case 'invite': {
      const login = loginOf(rest);
      return (desk) => invite(desk, login, options);
    }
    case 'accounts':
      return list;
    case 'audit': {
      const limit = checked(z.coerce.number().int().min(1).max(100_000), options.limit ?? '50', '--limit');
      return (desk) => showAudit(desk, limit);
    }
    case 'reset-second-factor': {
      const login = loginOf(rest);
      return (desk) => resetSecondFactor(desk, login);
    }
    default: {
      const login = loginOf(rest);
      return (desk) => setActive(desk, login, command === 'activate');
    }
  }
}

function refuseForeign(command: string, options: Options): void {
  const takes = { invite: ['name', 'role', 'skills'], audit: ['limit'] }[command] ?? [];
  const foreign = Object.entries(options).find(([name, value]) => value !== undefined && value !== false && !takes.includes(name));
  if (foreign) throw new Mistake(`--${foreign[0]} does not go with ${command}.`);
}

function readArguments() {
  const text = { type: 'string' } as const;
  return typedArguments({
    options: { name: text, role: text, skills: text, limit: text, help: { type: 'boolean', default: false, short: 'h' } },
    allowPositionals: true,
  });
}

async function invite({ accounts, publicUrl }: Desk, login: string, { name, role, skills: wanted }: Options): Promise<void> {
  const known = await accounts.findByLogin(login);
  if (known && (name ?? role ?? wanted) !== undefined) {
    throw new Refusal(`There is an account ${login} already: what it is, is changed at the desk. Without options it gets a new link.`);
  }
  const fields = { login, name: name ?? login, role: role ?? 'administrator', skills: wanted?.split(',') ?? [] };
  const invited = known
    ? await accounts.invite(known.id, by)
    : await accounts.create(checked(accountDraftSchema, fields, 'The account'), by);
  if (!invited || !('code' in invited)) throw new Refusal(`Another has just changed the account ${login}: try again.`);
  if (!known) console.log(`Made the account ${accountLine(invited.account)}`);
  console.log(`Open this link within a day to set the password; it works once:\n${invitationLink(publicUrl, invited.code)}`);
}

async function list({ accounts }: Desk): Promise<void> {
  const all = await accounts.all();
  for (const account of all) console.log(accountLine(account));
  console.log(`${all.length} account(s)`);
}

function accountLine({ login, name, role, skills: able, active, hasPassword, hasSecondFactor }: Account): string {
  const said = [
    ...(active ? [] : ['not active']),
    ...(hasPassword ? [] : ['no password yet']),
    ...(hasSecondFactor ? ['second factor'] : []),
  ];
  return [login, name, role, ...able, ...said].join('  ');
}

async function setActive({ accounts }: Desk, login: string, active: boolean): Promise<void> {
  const account = await existing(accounts, login);
  const { outcome } = await accounts.change(account.id, { active }, by);
  if (outcome === 'last-administrator') throw new Refusal(`${login} is the last administrator: invite another one first.`);
  console.log(`${login} ${active ? 'may sign in' : 'is signed out everywhere and may not sign in'}`);
}

async function resetSecondFactor({ accounts, secondFactors }: Desk, login: string): Promise<void> {
  const account = await existing(accounts, login);
  if (!(await secondFactors.reset(account.id, by))) throw new Refusal(`${login} has no second factor.`);
  console.log(`${login} is signed out everywhere and signs in by password alone, or sets up another second factor where one is required`);
}

async function existing(accounts: Accounts, login: string): Promise<Account> {
  const account = await accounts.findByLogin(login);
  if (!account) throw new Refusal(`There is no account ${login}.`);
  return account;
}

async function showAudit({ accounts, audit }: Desk, limit: number): Promise<void> {
  const verified = await audit.verify();
  for (const line of readable(await audit.before(undefined, limit), await accounts.all())) console.log(auditLine(line));
  if (verified.outcome === 'broken')
    throw new Refusal(`The records were changed: the one at ${verified.position} is not what was written.`);
  console.log(`${verified.lines} record(s), none changed; they end with ${verified.head || 'none'}`);
}

function auditLine({ position, at, by: who, did, what = '', why }: AuditLine): string {
  return [String(position).padStart(6), new Date(at).toISOString(), who, did, what, ...(why === undefined ? [] : [why])].join('  ');
}

function loginOf([typed]: readonly string[]): string {
  if (typed === undefined) throw new Mistake('Whose account? Give a login.');
  return checked(loginSchema, typed, 'LOGIN');
}

function checked<T>(schema: z.ZodType<T>, typed: unknown, what: string): T {
  const read = schema.safeParse(typed);
  if (read.success) return read.data;
  throw new Mistake(`${what}: ${schemaFaults(read.error)}`);
}

await runCommand(main, usage, [Refusal]);
