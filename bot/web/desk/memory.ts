import type { Outgoing } from './transcript.ts';

/** What this tab keeps of a conversation over a reload, and until its agent signs in again. */
export interface Kept {
  draft: string;
  note: string;
  outgoing: readonly Outgoing[];
  /** Up to where its agent has seen it. */
  seen: number;
}

/** What an agent prefers in this browser. */
export interface Preferences {
  sound: boolean;
  notifications: boolean;
  singleKeys: boolean;
}

const prefix = 'filing-desk';
const nothing: Kept = { draft: '', note: '', outgoing: [], seen: 0 };
const usual: Preferences = { sound: true, notifications: false, singleKeys: true };

export function recall(agent: string, conversation: string): Kept {
  return { ...nothing, ...readFrom<Partial<Kept>>(sessionStorage, nameOf(agent, conversation)) };
}

export function remember(agent: string, conversation: string, kept: Kept): void {
  const { draft, note, outgoing, seen } = kept;
  const isEmpty = draft === '' && note === '' && outgoing.length === 0 && seen === 0;
  writeTo(sessionStorage, nameOf(agent, conversation), isEmpty ? undefined : kept);
}

/** The conversations that stand as tabs, and the one in front. */
export interface Opened {
  open: readonly string[];
  front: string | undefined;
}

export function recallOpen(agent: string): Opened {
  return readFrom<Opened>(sessionStorage, nameOf(agent, '')) ?? { open: [], front: undefined };
}

export function rememberOpen(agent: string, open: Opened): void {
  writeTo(sessionStorage, nameOf(agent, ''), open);
}

/** What customers said, and what was about to be said to them, goes when an agent leaves or another comes. */
export function forgetAllBut(agent?: string): void {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(prefix) && (agent === undefined || !name.startsWith(nameOf(agent, '')))) sessionStorage.removeItem(name);
  }
}

export function recallPreferences(): Preferences {
  return { ...usual, ...readFrom<Partial<Preferences>>(localStorage, prefix) };
}

export function rememberPreferences(preferences: Preferences): void {
  writeTo(localStorage, prefix, preferences);
}

function nameOf(agent: string, conversation: string): string {
  return `${prefix}:${agent}:${conversation}`;
}

function readFrom<T>(storage: Storage, name: string): T | undefined {
  try {
    return JSON.parse(storage.getItem(name) ?? 'null') ?? undefined;
  } catch {
    return undefined; // written by another release
  }
}

function writeTo(storage: Storage, name: string, value: unknown): void {
  try {
    if (value === undefined) storage.removeItem(name);
    else storage.setItem(name, JSON.stringify(value));
  } catch {
    // Full: what is on the screen stays there, it only does not outlive a reload.
  }
}
