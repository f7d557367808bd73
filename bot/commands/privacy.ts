import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { momentOf } from '../../dialogs/china-day.ts';
import { parseCaseNumber } from '../../knowledge/filing/case-number.ts';
import { Cases } from '../cases/cases.ts';
import { Conversations } from '../conversations/conversations.ts';
import { Inbox } from '../conversations/inbox.ts';
import { Accounts } from '../desk/accounts/accounts.ts';
import { KeptAccounts } from '../desk/accounts/kept-accounts.ts';
import { loginsOf } from '../desk/accounts/logins.ts';
import { Audit } from '../desk/audit.ts';
import { messageDigest } from '../keyed-digest.ts';
import { affectedBy } from '../privacy/affected.ts';
import { Consents } from '../privacy/consents.ts';
import { Disclosures } from '../privacy/disclosures.ts';
import { People, type Person } from '../privacy/person.ts';
import { readableCopy } from '../privacy/readable-copy.ts';
import { Retention } from '../privacy/retention.ts';
import { Files } from '../store/files.ts';
import { Chores } from '../turns/chores.ts';
import { type LookedInto, lookIn, Refusal } from './look-in.ts';
import { Mistake, needed, runCommand, typedArguments } from './run-command.ts';

const usage = `npm run privacy -- …
  find       WHO                              what is kept of a person: conversations and cases
  export     WHO --out FOLDER --by NAME       a copy for that person: person.json, a readable text, and the files
  erase      WHO --by NAME                    erases all of it, files and index too; prints a receipt
  retention  [--dry-run]                      erases, or shows, what was kept long enough; the bot does so every night
  consents   [WHO] [--json]                   who was asked for which consent, when, by which words, and what they said
  disclosures [--case NUMBER] [--from TIME] [--to TIME] [--json]
                                              what was handed to access providers: when, by whom, of which case, to whom, and what for
  erased     --out FILE                       the list of what was erased: keep it before you restore a backup
  erase-again --in FILE --by NAME             after restoring: erases once more what the backup has brought back
  affected   --from TIME --to TIME [--account LOGIN] [--json]
                                              after a breach: whose data was before somebody meanwhile, and what was done
WHO: --conversation ID, or --case NUMBER, or --number PHONE (or a certificate number, whole)
TIME: 2026-11-28, or "2026-11-28 09:30", in China
`;

interface Desk extends LookedInto {
  cases: Cases;
  conversations: Conversations;
  consents: Consents;
  disclosures: Disclosures;
  people: People;
  chores: Chores;
  files: Files;
}

type Options = ReturnType<typeof readArguments>['values'];
type Run = (desk: Desk, options: Options) => Promise<void>;

const who = ['conversation', 'case', 'number'];

const commands: Record<string, { takes: readonly string[]; needs?: readonly ('out' | 'in' | 'by' | 'from' | 'to')[]; run: Run }> = {
  find: { takes: who, run: find },
  export: { takes: [...who, 'out', 'by'], needs: ['out', 'by'], run: exportPerson },
  erase: { takes: [...who, 'by'], needs: ['by'], run: erase },
  retention: { takes: ['dry-run'], run: retention },
  consents: { takes: [...who, 'json'], run: listConsents },
  disclosures: { takes: ['case', 'from', 'to', 'json'], run: listDisclosures },
  erased: { takes: ['out'], needs: ['out'], run: listErased },
  'erase-again': { takes: ['in', 'by'], needs: ['in', 'by'], run: eraseAgain },
  affected: { takes: ['from', 'to', 'account', 'json'], needs: ['from', 'to'], run: listAffected },
};

/** `npm run privacy`: what the law lets people ask for, also while the bot runs. */
async function main(): Promise<void> {
  const { values: options, positionals } = readArguments();
  const [command = '', left] = positionals;
  if (options.help || command === 'help') {
    console.log(usage);
    return;
  }
  const known = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!known) throw new Mistake(command === '' ? 'Say what to do.' : `There is no command ${command}.`);
  if (left !== undefined) throw new Mistake(`${left} is too much here.`);
  const foreign = Object.entries(options).find(([name, value]) => value !== undefined && value !== false && !known.takes.includes(name));
  if (foreign) throw new Mistake(`--${foreign[0]} does not go with ${command}.`);
  for (const name of known.needs ?? []) needed(options[name]?.trim(), `--${name}`);
  const desk = await openDesk();
  try {
    await known.run(desk, options);
  } finally {
    await desk.store.close();
  }
}

async function openDesk(): Promise<Desk> {
  const opened = await lookIn();
  const { store, config, keys, secrets, log } = opened;
  const files = new Files(join(config.dataDir, 'files'), keys);
  const cases = new Cases({ store, files, secrets: secrets.dataKeys, draftDays: config.keeping.draft });
  const conversations = new Conversations(store, new Set());
  const inbox = new Inbox(store, conversations, new Set(), log, messageDigest(secrets.dataKeys));
  const chores = new Chores({ store, inbox, cases, log });
  const consents = new Consents(store);
  const disclosures = new Disclosures(store);
  return {
    ...opened,
    files,
    cases,
    conversations,
    chores,
    consents,
    disclosures,
    people: new People({ store, conversations, cases, consents, disclosures, chores }),
  };
}

async function personOf({ people }: Desk, { conversation, case: typed, number }: Options): Promise<Person> {
  if ([conversation, typed, number].filter(Boolean).length !== 1) throw new Mistake('Who? Give one of --conversation, --case, --number.');
  const person = await people.find({
    ...(conversation && { conversation }),
    ...(typed && { caseNumber: caseNumberOf(typed) }),
    ...(number && { number }),
  });
  if (person.conversations.length + person.cases.length === 0) throw new Refusal('Nothing is kept under that.');
  return person;
}

function caseNumberOf(typed: string): string {
  const parsed = parseCaseNumber(typed);
  if (!parsed.ok) throw new Mistake('--case looks like BA-20261127-1234567.');
  return parsed.value.number;
}

async function find(desk: Desk, options: Options): Promise<void> {
  const { conversations, cases } = await personOf(desk, options);
  for (const id of conversations) console.log(`conversation  ${id}`);
  for (const number of cases) console.log(`case          ${number}`);
}

async function exportPerson(desk: Desk, options: Options): Promise<void> {
  const { store, people, cases, files } = desk;
  const { out = '', by = '' } = options;
  const person = await personOf(desk, options);
  // On record before anything is shown.
  for (const number of person.cases) await cases.record(number, by, 'reveal');
  await record(store, 'person-exported', person, by);
  const copy = await people.copy(person);
  const names = [
    ...copy.conversations.flatMap((each) => each.files),
    ...copy.cases.flatMap(({ documents }) => documents.map(({ file }) => file)),
  ];
  const folder = join(out, 'files');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const write = (name: string, content: string | Buffer) => writeFileSync(join(out, name), content, { mode: 0o600, flag: 'wx' });
    write('person.json', JSON.stringify({ madeAt: new Date(store.now()).toISOString(), ...copy }, null, 2));
    write('个人信息副本.txt', readableCopy(copy, store.now()));
    for (const name of new Set(names)) {
      const content = await files.load(name);
      if (content) write(join('files', name), content);
      else console.error(`The file ${name} is gone.`);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Refusal(`${out} cannot be written to: ${message}`, { cause: error });
  }
  console.log(`${copy.cases.length} case(s), ${copy.conversations.length} conversation(s), ${new Set(names).size} file(s) in ${out}`);
}

/** One line for each thing: before it is done, so that nothing is done which could not be recorded. */
async function record(store: Desk['store'], did: 'person-exported' | 'person-erased', { cases, conversations }: Person, why: string) {
  const audit = new Audit(store);
  const what = [...cases.map((number) => `case:${number}`), ...conversations.map((id) => `conversation:${id}`)];
  for (const each of what) await audit.add({ by: 'command', did, what: each, why });
}

const newReceipt = () => randomBytes(5).toString('hex').toUpperCase();

async function erase(desk: Desk, options: Options): Promise<void> {
  await erasePerson(desk, await personOf(desk, options), options.by ?? '');
}

async function erasePerson({ people, store, disclosures }: Desk, person: Person, by: string): Promise<void> {
  const receipt = newReceipt();
  await record(store, 'person-erased', person, `${by}, receipt ${receipt}`);
  const { cases, conversations, left } = await people.erase(person, receipt, by);
  console.log(`erased ${cases.length} case(s), ${conversations.length} conversation(s); receipt ${receipt}`);
  for (const { at, caseNumber, recipient } of await disclosures.all())
    if (cases.includes(caseNumber))
      console.log(`${caseNumber} was handed to ${recipient} on ${momentOf(at)}: they have a copy of their own`);
  if (left.length > 0) throw new Refusal(`Something is under way in ${left.join(', ')}: run this again in a minute.`);
}

async function retention(desk: Desk, { 'dry-run': dryRun }: Options): Promise<void> {
  const { kinds } = await new Retention({ ...desk, keeping: desk.config.keeping }).run({ dryRun });
  for (const { kind, days, found, erased, left, oldest } of kinds) {
    const did = dryRun ? 'would be erased' : `found, ${erased} erased${left > 0 ? `, ${left} in use: they go the next time` : ''}`;
    console.log(
      `${kind.padEnd(12)}  after ${String(days).padStart(4)} days: ${found} ${did}${oldest === undefined ? '' : `; the oldest of ${momentOf(oldest)}`}`,
    );
  }
}

async function listConsents(desk: Desk, options: Options): Promise<void> {
  const asked = options.conversation ?? options.case ?? options.number;
  const { consents } = desk;
  const lines =
    asked === undefined
      ? await consents.all()
      : (await Promise.all((await personOf(desk, options)).conversations.map((id) => consents.of(id)))).flat();
  for (const line of lines) {
    const { at, conversation, channel, purpose, answer, text, version, caseNumber, receipt } = line;
    if (options.json) console.log(JSON.stringify({ ...line, ...(text && { words: await consents.text(text) }) }));
    else
      console.log(
        [momentOf(at), conversation, channel, purpose, answer, version && `v${version}`, text?.slice(0, 12), caseNumber, receipt]
          .filter(Boolean)
          .join('  '),
      );
  }
}

async function listDisclosures({ store, disclosures }: Desk, { case: typed, from, to, json }: Options): Promise<void> {
  const caseNumber = typed === undefined ? undefined : caseNumberOf(typed);
  const [first, end] = [from === undefined ? -Infinity : timeOf(from, '--from'), to === undefined ? Infinity : timeOf(to, '--to')];
  if (first >= end) throw new Mistake('--from is not before --to.');
  const found = (caseNumber === undefined ? await disclosures.all() : await disclosures.of(caseNumber)).filter(
    ({ at }) => at >= first && at < end,
  );
  const loginOf = loginsOf(await new Accounts(new KeptAccounts(store, new Audit(store))).all());
  for (const each of found) {
    const { at, by, caseNumber: number, recipient, purpose, fields, documents, consents } = each;
    const agreed = consents.map((consent) => `${consent.purpose} v${consent.version}`).join(', ') || 'no consent on record';
    const what = `${fields.length} item(s), ${documents.length} document(s)`;
    console.log(
      json
        ? JSON.stringify({ ...each, login: loginOf(by) })
        : [momentOf(at), loginOf(by), number, recipient, purpose, what, agreed].join('  '),
    );
  }
  if (!json) console.log(`${found.length} disclosure(s)`);
}

const erasedSchema = z.object({ cases: z.array(z.string()), conversations: z.array(z.string()) });

/** Numbers and ids of what customers or staff had erased, nothing of a person. */
async function listErased({ cases, conversations, consents, store }: Desk, { out = '' }: Options): Promise<void> {
  const withdrawn = (await consents.all()).filter(({ answer }) => answer === 'withdrawn').map(({ conversation }) => conversation);
  const byStaff = (await auditedErasures(store))
    .filter((what) => what.startsWith('conversation:'))
    .map((what) => what.slice('conversation:'.length));
  const numbers = (await cases.all()).filter(({ state }) => state === 'erased').map(({ number }) => number);
  const gone: string[] = [];
  for (const id of new Set([...withdrawn, ...byStaff])) if (!(await conversations.find(id)) || withdrawn.includes(id)) gone.push(id);
  writeFileSync(out, JSON.stringify({ cases: numbers, conversations: gone } satisfies z.infer<typeof erasedSchema>, null, 2), {
    mode: 0o600,
  });
  console.log(`${numbers.length} case(s), ${gone.length} conversation(s) in ${out}`);
}

async function auditedErasures(store: Desk['store']): Promise<string[]> {
  const lines = await new Audit(store).before(undefined, 1_000_000);
  return lines.flatMap(({ did, what }) => (did === 'person-erased' && what ? [what] : []));
}

async function eraseAgain(desk: Desk, { in: file = '', by = '' }: Options): Promise<void> {
  const read = erasedSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new Refusal(`${file} is not such a list: make one with npm run privacy -- erased --out FILE.`);
  const there: Person = { cases: [], conversations: [] };
  for (const number of read.data.cases) if (((await desk.cases.find(number))?.state ?? 'erased') !== 'erased') there.cases.push(number);
  for (const id of read.data.conversations) if (await desk.conversations.find(id)) there.conversations.push(id);
  if (there.cases.length + there.conversations.length === 0) console.log('nothing of it is there');
  else await erasePerson(desk, there, by);
}

async function listAffected({ store, cases }: Desk, { from = '', to = '', account: login, json }: Options): Promise<void> {
  const breach = { from: timeOf(from, '--from'), to: timeOf(to, '--to') };
  if (breach.from >= breach.to) throw new Mistake('--from is not before --to.');
  const audit = new Audit(store);
  const isBy = login === undefined ? undefined : await namesOf(new Accounts(new KeptAccounts(store, audit)), login);
  const affected = await affectedBy({ audit, cases }, { ...breach, ...(isBy && { isBy }) });
  for (const one of affected) {
    const { what, by, did, times, first, last } = one;
    console.log(json ? JSON.stringify(one) : [momentOf(first), momentOf(last), what, `${times}×`, by.join(' '), did.join(' ')].join('  '));
  }
  if (!json) console.log(`${affected.length} affected, as far as it is on record`);
}

/** The desk's record names an account by its id, those of the cases by its name and login, for they outlive it. */
async function namesOf(accounts: Accounts, login: string): Promise<(name: string) => boolean> {
  const account = await accounts.findByLogin(login);
  return (name) => name === account?.id || name.endsWith(` (${login})`);
}

/** By the clock of China. */
function timeOf(typed: string, name: string): number {
  const [, day, time = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}))?$/.exec(typed.trim()) ?? [];
  const moment = Date.parse(`${day}T${time}:00+08:00`);
  if (Number.isNaN(moment)) throw new Mistake(`${name} looks like 2026-11-28 or "2026-11-28 09:30".`);
  return moment;
}

function readArguments() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  return typedArguments({
    options: {
      conversation: text,
      case: text,
      number: text,
      out: text,
      in: text,
      by: text,
      from: text,
      to: text,
      account: text,
      json: flag,
      'dry-run': flag,
      help: { ...flag, short: 'h' },
    },
    allowPositionals: true,
  });
}

await runCommand(main, usage, [Refusal]);
