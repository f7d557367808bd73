import type { Message } from '../../dialogs/message.ts';
import type { Operation } from '../store/store.ts';
import { encode, names } from './conversation.ts';

/** Work that a step leaves to be done in other places than its own partition: at least once, in order, until it succeeds. */
export type Chore =
  /** Queues the news of a case in the conversation that holds it. */
  | { kind: 'tell'; conversation: string; message: Extract<Message, { kind: 'case' }> }
  /** Erases the files, except those that a case needs. */
  | { kind: 'eraseFiles'; files: string[] };

/** `of`: the conversation or the case, in whose partition the step is. */
export function chore(of: string, left: Chore): Operation {
  return { do: 'enqueue', queue: names.chores(of), value: encode(left) };
}
