import { createHash } from 'node:crypto';
import type { Effect } from '../../dialogs/effect.ts';
import type { FilingCase } from '../../knowledge/filing/filing-case.ts';
import { maskPersonalData, maskTyped } from '../../knowledge/text/mask.ts';
import type { Activity } from '../activity.ts';
import type { Operation } from '../store/store.ts';

/** How a conversation began and where its messages go. */
export interface Conversation {
  id: string;
  channel: string;
  /** Who talks with the bot; unknown until they have joined. */
  user?: Customer;
  startedAt: number;
  /** What a channel that sends by itself needs to reach the customer (Bot Framework's conversation reference). */
  reference?: unknown;
}

export interface Customer {
  id: string;
  name?: string;
}

/** Somebody is to be got in touch with. */
export type CallBack = { at: number } & Omit<Extract<Effect, { kind: 'requestCallBack' }>, 'kind'>;

/** Something for the agency's own people to read later. Words of customers are masked in it; how to call one back is not. */
export type Note =
  | ({ kind: 'call-back' } & CallBack)
  | { kind: 'miss'; at: number; question: string; nearest: { id: string; confidence: number }[] }
  | { kind: 'feedback'; at: number; question: string; topic: string; useful: boolean }
  | { kind: 'parked'; at: number; turnId: string; reason: string }
  | { kind: 'undelivered'; at: number; reason: string };

export interface TranscriptEntry {
  position: number;
  activity: Activity;
}

/** Work that follows from a commit and reaches outside the conversation; done at least once, in order, after the commit. */
export type Errand = Deed & {
  /** Of the turn that it follows from, by which the log tells the same story of both; left out for what follows from none. */
  turnId?: string;
};

type Deed =
  /** `position`, where it is not that of the step: its place in the transcript. `from`: its first part that has not arrived. */
  | { kind: 'send'; activity: Activity; position?: number; from?: number }
  | { kind: 'eraseFiles'; files: string[] }
  /** `turn`: counts the turns of the conversation. */
  | { kind: 'saveCase'; case: FilingCase; turn: number; takeOver?: true }
  | { kind: 'eraseCases'; cases: string[]; receipt: string };

/** Under which names a conversation's things stand in the store; only this folder knows them. */
export const names = {
  conversation: (id: string) => `conversation:${id}`,
  session: (id: string) => `session:${id}`,
  owner: (id: string) => `owner:${id}`,
  transcript: (id: string) => `transcript:${id}`,
  inbox: (id: string) => `inbox:${id}`,
  errands: (id: string) => `errands:${id}`,
  sending: (id: string) => `sending:${id}`,
  undelivered: (id: string) => `undelivered:${id}`,
  /** With what callbacks of a platform were answered lately, and how often the customer may still be written to. */
  answered: (id: string) => `answered:${id}`,
  grant: (id: string) => `grant:${id}`,
  notes: (id: string) => `notes:${id}`,
  /** Of a conversation or a case; see `Chores`. */
  chores: (id: string) => `chores:${id}`,
  once: (id: string, sender: string, messageId: string) => `${id}:${digest(`${sender}|${messageId}`)}`,
  /** Conversations of a partition by their last activity, and by their last note. */
  active: 'active',
  noted: 'noted',
};

/** Under which it is announced that what agents know of a conversation has changed, besides its transcript. */
export const standingTopic = (id: string) => `standing:${id}`;

/** How long a request is known again. Direct Line clients and WeChat resend within minutes, operators within days. */
export const rememberFor = 72 * 3_600_000;

/** The id under which channels know an entry of a transcript; ordered like its position. */
export function activityId(conversation: string, position: number): string {
  return `${conversation}|${String(position).padStart(7, '0')}`;
}

/** An attachment kept by us is named by this scheme in the transcript; channels turn it into an address of theirs. */
export const fileScheme = 'upload:';

/** Channels whose messages are sent by us, rather than fetched from the transcript by the client. */
export interface PushedChannels {
  has(channel: string): boolean;
}

/** Puts a message of the bot, or of a person, into the transcript and, on channels that need it, on its way. */
export function say(activity: Activity, { id, channel }: Conversation, pushed: PushedChannels, turnId?: string): Operation[] {
  return [
    { do: 'append', log: names.transcript(id), value: encode(activity) },
    ...(pushed.has(channel) ? [sendOnErrand(id, { kind: 'send', activity, ...(turnId !== undefined && { turnId }) })] : []),
  ];
}

export function sendOnErrand(id: string, errand: Errand): Operation {
  return { do: 'enqueue', queue: names.errands(id), value: encode(errand) };
}

/** Keeps a note, with whatever customers may have written in it masked. */
export function note(id: string, written: Note): Operation[] {
  return [
    { do: 'append', log: names.notes(id), value: encode(maskNote(written)) },
    { do: 'rank', index: names.noted, member: id, score: written.at },
  ];
}

function maskNote(written: Note): Note {
  switch (written.kind) {
    case 'miss':
    case 'feedback':
      return { ...written, question: maskPersonalData(written.question) };
    case 'parked':
    case 'undelivered':
      return { ...written, reason: maskPersonalData(written.reason) };
    case 'call-back':
      // What is to be decoded or answered has filing numbers in it, which staff need.
      return written.said === undefined ? written : { ...written, said: maskTyped(written.said) };
  }
}

export function eraseNotes(id: string): Operation[] {
  return [
    { do: 'drop', log: names.notes(id) },
    { do: 'unrank', index: names.noted, member: id },
  ];
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** Reads back what `encode` wrote; the store's seal vouches that nobody else wrote it. */
export function decode<T>(value: Uint8Array): T {
  return JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString()) as T;
}
