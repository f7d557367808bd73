import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { provinces } from '../../knowledge/entities/province.ts';
import { parseCaseNumber } from '../../knowledge/filing/case-number.ts';
import { type CaseDocument, type CaseState, caseStates, type FilingCase, filingTypes } from '../../knowledge/filing/filing-case.ts';
import { maskCertificates } from '../../knowledge/text/mask.ts';
import { writeCases } from '../cases/case-sheet.ts';
import { Cases } from '../cases/cases.ts';
import { type CaseFilter, findCases } from '../cases/filter.ts';
import { caseLine, caseLines } from '../cases/staff-view.ts';
import { Conversations } from '../conversations/conversations.ts';
import { Inbox } from '../conversations/inbox.ts';
import { fileEnding } from '../documents/file-ending.ts';
import { givenOut } from '../documents/given-out.ts';
import { fileIcon, type Made, thumbnailOf } from '../documents/pictures.ts';
import { messageDigest } from '../keyed-digest.ts';
import { Files } from '../store/files.ts';
import { Chores } from '../turns/chores.ts';
import { lookIn, Refusal } from './look-in.ts';
import { Mistake, needed, runCommand, typedArguments } from './run-command.ts';

const usage = `npm run cases -- …
  list       [--state S] [--type T] [--province P] [--older DAYS] [--newer DAYS] [--search TEXT] [--json]
  show       NUMBER [--reveal --by NAME]                 certificate numbers are covered, unless revealed, which is recorded
  set-state  NUMBER STATE [--note TEXT] --by NAME        the customer is told, with the note
  export     --out FILE.csv [the choices of list]        certificate numbers are covered
  documents  NUMBER --out FOLDER [--thumbnails] --by NAME    writes the files, pictures made anew, and small ones of them, which is recorded
  erase      NUMBER… --by NAME                           erases all of it but number, dates and receipt; the customer is told
STATE: ${caseStates.join(', ')}
TYPE:  ${filingTypes.join(', ')}
TEXT:  a case number, part of a name or domain name, or a whole phone, credit code or certificate number
`;

/** `npm run cases`: the agency's view of the cases, also while the bot runs. */
async function main(): Promise<void> {
  const { values: options, positionals } = readArguments();
  const [command = '', ...rest] = positionals;
  if (options.help || command === 'help') {
    console.log(usage);
    return;
  }
  const known = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!known) throw new Mistake(command === '' ? 'Say what to do.' : `There is no command ${command}.`);
  const foreign = Object.entries(options).find(([name, value]) => value !== undefined && value !== false && !known.takes.includes(name));
  if (foreign) throw new Mistake(`--${foreign[0]} does not go with ${command}.`);
  const left = rest[known.words];
  if (left !== undefined) throw new Mistake(`${left} is too much here${known.words === 0 ? ': the choices begin with --' : ''}.`);
  const run = known.prepare(rest, options);
  const desk = await openDesk();
  try {
    await run(desk);
  } finally {
    await desk.close();
  }
}

interface Command {
  /** How many words may follow. */
  words: number;
  /** The options that mean something here. */
  takes: readonly string[];
  /** Reads its arguments: what is wrong with them is told before anything is opened. */
  prepare(rest: string[], options: Options): (desk: Desk) => Promise<void>;
}

const choices = ['state', 'type', 'province', 'older', 'newer', 'search'];

const commands: Record<string, Command> = {
  list: {
    words: 0,
    takes: [...choices, 'json'],
    prepare: (_, options) => {
      const filter = filterOf(options);
      return (desk) => list(desk, filter, options.json);
    },
  },
  show: {
    words: 1,
    takes: ['reveal', 'by'],
    prepare: (rest, { reveal, by }) => {
      const number = numberOf(rest);
      const revealedBy = reveal ? nameOf(by) : undefined;
      return (desk) => show(desk, number, revealedBy);
    },
  },
  'set-state': {
    words: 2,
    takes: ['note', 'by'],
    prepare: (rest, { note, by }) => {
      const number = numberOf(rest);
      const state = oneOf(caseStates, rest[1], 'STATE');
      if (state === undefined) throw new Mistake('Which state?');
      const name = nameOf(by);
      return (desk) => setState(desk, number, state, note?.trim() || undefined, name);
    },
  },
  export: {
    words: 0,
    takes: [...choices, 'out'],
    prepare: (_, options) => {
      const filter = filterOf(options);
      const out = needed(options.out, '--out FILE.csv');
      return (desk) => exportCases(desk, filter, out);
    },
  },
  documents: {
    words: 1,
    takes: ['out', 'thumbnails', 'by'],
    prepare: (rest, { out, thumbnails, by }) => {
      const number = numberOf(rest);
      const folder = needed(out, '--out FOLDER');
      const name = nameOf(by);
      return (desk) => documents(desk, number, { folder, thumbnails }, name);
    },
  },
  erase: {
    words: Infinity,
    takes: ['by'],
    prepare: (rest, { by }) => {
      const numbers = numbersOf(rest);
      const name = nameOf(by);
      return (desk) => erase(desk, numbers, name);
    },
  },
};

function readArguments() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  return typedArguments({
    options: {
      state: text,
      type: text,
      province: text,
      older: text,
      newer: text,
      search: text,
      note: text,
      by: text,
      out: text,
      json: flag,
      reveal: flag,
      thumbnails: flag,
      help: { ...flag, short: 'h' },
    },
    allowPositionals: true,
  });
}

interface Desk {
  cases: Cases;
  files: Files;
  chores: Chores;
  close(): Promise<void>;
}

/** The store is open to several processes: each step is a transaction, and the running bot finds what is left for it to do. */
async function openDesk(): Promise<Desk> {
  const { config, log, secrets, keys, store } = await lookIn();
  const files = new Files(join(config.dataDir, 'files'), keys);
  const cases = new Cases({
    store,
    files,
    secrets: secrets.dataKeys,
    draftDays: config.keeping.draft,
  });
  const inbox = new Inbox(store, new Conversations(store, new Set()), new Set(), log, messageDigest(secrets.dataKeys));
  return { cases, files, chores: new Chores({ store, inbox, cases, log }), close: () => store.close() };
}

async function list({ cases }: Desk, filter: CaseFilter, json: boolean): Promise<void> {
  const found = await findCases(cases, filter, Date.now());
  for (const filed of found) console.log(json ? JSON.stringify(withoutValues(filed)) : caseLine(filed));
  if (!json) console.log(`${found.length} case(s)`);
}

function withoutValues({ number, state, filingType, values, startedAt, openedAt, history }: FilingCase) {
  const { filerProvince: province, filerKind, serviceKind } = values;
  return { number, state, filingType, province, filerKind, serviceKind, startedAt, openedAt, changedAt: history.at(-1)?.at };
}

async function show({ cases }: Desk, number: string, revealedBy: string | undefined): Promise<void> {
  const found = await existing(cases, number);
  const reveal = revealedBy !== undefined;
  // Recorded before it is shown: what cannot be recorded is not shown.
  if (reveal) await cases.record(number, revealedBy, 'reveal');
  for (const line of caseLines(found, await cases.audit(number), reveal)) console.log(line);
}

async function setState({ cases, chores }: Desk, number: string, state: CaseState, note: string | undefined, by: string): Promise<void> {
  const set = await cases.setState(number, state, { note, by });
  if (set.outcome === 'unknown') throw new Refusal(`There is no case ${number}, or it was erased.`);
  if (set.outcome === 'not-allowed') {
    throw new Refusal(`${number} is ${set.from}; from there it can become ${set.allowed.join(', ') || 'nothing else'}.`);
  }
  await chores.workOff(number);
  console.log(
    set.outcome === 'done' ? `${number} is ${state} now; the customer is told.` : `${number} was ${state} already, with the same note.`,
  );
}

async function exportCases({ cases }: Desk, filter: CaseFilter, out: string): Promise<void> {
  const found = await findCases(cases, filter, Date.now());
  writePrivately(out, writeCases(found));
  console.log(`${found.length} case(s) written to ${out}`);
}

interface Wanted {
  folder: string;
  thumbnails: boolean;
}

const whyNot: Record<Exclude<Made, Buffer>, string> = {
  gone: 'is missing from the store',
  undecodable: 'is not written: the picture cannot be read, ask the customer for another',
  stopped: 'is not written: the picture could not be made ready, try again',
};

async function documents({ cases, files }: Desk, number: string, { folder, thumbnails }: Wanted, by: string): Promise<void> {
  const found = await existing(cases, number);
  onDisk(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  await cases.record(number, by, 'read-documents');
  for (const [at, document] of found.documents.entries()) {
    const name = fileNameOf(document, at);
    const made = await givenOut(files, document.file);
    if (typeof made === 'string') {
      console.log(`${name} ${whyNot[made]}`);
      continue;
    }
    writePrivately(join(folder, name), made);
    console.log(`${name}${document.unscanned ? '  not scanned for viruses' : ''}`);
    if (thumbnails) await writeThumbnail(files, document, join(folder, name));
  }
  console.log(`${found.documents.length} document(s) of ${number}`);
}

async function writeThumbnail(files: Files, { file, contentType }: CaseDocument, beside: string): Promise<void> {
  if (fileIcon(contentType) === 'pdf') return;
  const small = beside.replace(/\.\w+$/, '.small.jpg');
  const content = await thumbnailOf(files, file);
  if (content) writePrivately(small, content);
  console.log(content ? basename(small) : `${basename(beside)} cannot be shown as a small picture`);
}

/** Only for whoever runs this, also where a file of that name was readable for others. */
function writePrivately(path: string, content: Uint8Array): void {
  onDisk(path, () => {
    rmSync(path, { force: true });
    writeFileSync(path, content, { mode: 0o600 });
  });
}

function onDisk(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Refusal(`${path} cannot be written: ${message}`, { cause: error });
  }
}

/** The name that the customer gave is only a hint, and nothing that a file system could take for a path. */
function fileNameOf({ kind, name, contentType }: CaseDocument, at: number): string {
  const hint = maskCertificates(name)
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .slice(0, 40);
  return `${String(at + 1).padStart(2, '0')}-${kind.replace(/[^\w-]/g, '')}-${hint}.${fileEnding(contentType)}`;
}

async function erase({ cases, chores }: Desk, numbers: string[], by: string): Promise<void> {
  for (const number of numbers) {
    const receipt = randomBytes(5).toString('hex').toUpperCase();
    const erased = await cases.erase(number, receipt, by);
    await chores.workOff(number);
    if (erased) {
      console.log(`${number} is erased; receipt ${receipt}`);
    } else {
      console.error(`${number}: there is no such case, or it was erased before.`);
      process.exitCode = 1;
    }
  }
}

async function existing(cases: Cases, number: string): Promise<FilingCase> {
  const found = await cases.find(number);
  if (!found) throw new Refusal(`There is no case ${number}.`);
  return found;
}

type Options = ReturnType<typeof readArguments>['values'];

function filterOf({ state, type, province, older, newer, search }: Options): CaseFilter {
  return {
    state: oneOf(caseStates, state, '--state'),
    type: oneOf(filingTypes, type, '--type'),
    province: provinceOf(province),
    olderThanDays: daysOf(older, '--older'),
    newerThanDays: daysOf(newer, '--newer'),
    search,
  };
}

function oneOf<const T extends string>(all: readonly T[], typed: string | undefined, what: string): T | undefined {
  const found = all.find((each) => each === typed);
  if (typed !== undefined && !found) throw new Mistake(`${what} is one of ${all.join(', ')}.`);
  return found;
}

function provinceOf(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined;
  const found = provinces.find(({ code, name }) => code === typed || (typed.length > 1 && name.startsWith(typed)));
  if (!found) throw new Mistake('--province is the name or the code of a province, such as 广东 or 44.');
  return found.code;
}

function daysOf(typed: string | undefined, what: string): number | undefined {
  if (typed === undefined) return undefined;
  if (!/^\d+$/.test(typed)) throw new Mistake(`${what} is a number of days.`);
  return Number(typed);
}

function numberOf([typed = '']: readonly string[]): string {
  const parsed = parseCaseNumber(typed);
  if (parsed.ok) return parsed.value.number;
  throw new Mistake(
    parsed.problem.code === 'case-number-check-digit'
      ? `${typed} has a wrong digit.`
      : 'Which case? A number looks like BA-20261127-1234567.',
  );
}

function numbersOf(typed: readonly string[]): string[] {
  if (typed.length === 0) throw new Mistake('Which cases?');
  return typed.map((each) => numberOf([each]));
}

function nameOf(by: string | undefined): string {
  return needed(by?.trim(), '--by NAME: it is recorded who does this');
}

await runCommand(main, usage, [Refusal]);
