import { createHash } from 'node:crypto';
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

/** What stands for a question where its words are not to be kept. */
export function keyOf(question: string): string {
  return createHash('sha256').update(gist(question)).digest('hex').slice(0, 16);
}

/** The questions in notes that were not answered, or not well, the latest first. */
export function missedIn(notes: readonly Note[]): Missed[] {
  const byKey = new Map<string, Missed & { days: Set<string> }>();
  for (const note of notes) {
    if (note.kind !== 'miss' && !(note.kind === 'feedback' && !note.useful)) continue;
    const { question, at } = note;
    if (gist(question) === '') continue;
    const key = keyOf(question);
    const missed = byKey.get(key) ?? { key, text: question, unanswered: 0, notUseful: 0, firstAt: at, lastAt: at, days: new Set() };
    byKey.set(key, missed);
    if (note.kind === 'miss') missed.unanswered += 1;
    else missed.notUseful += 1;
    if (note.kind === 'feedback') missed.answeredBy = note.topic;
    if (at >= missed.lastAt) missed.text = question;
    missed.firstAt = Math.min(missed.firstAt, at);
    missed.lastAt = Math.max(missed.lastAt, at);
    missed.days.add(chinaDay(at));
  }
  return [...byKey.values()].sort((a, b) => b.lastAt - a.lastAt || (a.key < b.key ? -1 : 1));
}
