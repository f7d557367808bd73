import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { chinaDay } from '../../../dialogs/china-day.ts';
import { gist } from '../../../knowledge/text/framing.ts';
import type { Note } from '../../conversations/conversation.ts';
import type { MissedQuestion } from '../desk-api.ts';

/** One question, however often it was asked and with whatever greeting. */
export interface Missed extends MissedQuestion {
  key: string;
  firstAt: number;
  days: ReadonlySet<string>;
}

type MissNote = Extract<Note, { kind: 'miss' | 'feedback' }>;

const mostKept = 20_000;
/** So many are read without a pause: some milliseconds. */
const atOnce = 20;

/** What stands for questions where their words are not to be kept: the same for the same question with another greeting. */
export class QuestionKeys {
  readonly #known = new Map<string, string>();

  /** The keys in the order of the questions; an empty one for what says nothing. Messages of customers are answered in between. */
  async of(questions: readonly string[]): Promise<string[]> {
    const keys: string[] = [];
    let read = 0;
    for (const question of questions) {
      const known = this.#known.get(question);
      keys.push(known ?? this.#read(question));
      if (known !== undefined) continue;
      read += 1;
      if (read % atOnce === 0) await setImmediate();
    }
    return keys;
  }

  #read(question: string): string {
    const said = gist(question);
    const key = said === '' ? '' : createHash('sha256').update(said).digest('hex').slice(0, 16);
    if (this.#known.size >= mostKept) this.#known.clear();
    this.#known.set(question, key);
    return key;
  }
}

/** The questions in notes that were not answered, or not well, the latest first. */
export async function missedIn(notes: readonly Note[], keys: QuestionKeys): Promise<Missed[]> {
  const missing = notes.filter(isMiss);
  const keyed = await keys.of(missing.map(({ question }) => question));
  const byKey = new Map<string, Missed & { days: Set<string> }>();
  missing.forEach((note, at) => {
    const key = keyed[at] ?? '';
    if (key !== '') byKey.set(key, added(byKey.get(key) ?? begun(key, note), note));
  });
  return [...byKey.values()].sort((a, b) => b.lastAt - a.lastAt || (a.key < b.key ? -1 : 1));
}

function isMiss(note: Note): note is MissNote {
  return note.kind === 'miss' || (note.kind === 'feedback' && !note.useful);
}

function begun(key: string, { question, at }: MissNote) {
  return { key, text: question, unanswered: 0, notUseful: 0, firstAt: at, lastAt: at, days: new Set<string>() };
}

function added<M extends Missed & { days: Set<string> }>(missed: M, note: MissNote): M {
  const { at, question } = note;
  missed.days.add(chinaDay(at));
  return {
    ...missed,
    text: at >= missed.lastAt ? question : missed.text,
    unanswered: missed.unanswered + (note.kind === 'miss' ? 1 : 0),
    notUseful: missed.notUseful + (note.kind === 'feedback' ? 1 : 0),
    ...(note.kind === 'feedback' && { answeredBy: note.topic }),
    firstAt: Math.min(missed.firstAt, at),
    lastAt: Math.max(missed.lastAt, at),
  };
}
