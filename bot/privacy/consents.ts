import { createHash } from 'node:crypto';
import type { Effect } from '../../dialogs/effect.ts';
import { decode, encode } from '../conversations/conversation.ts';
import { allPartitions, type Operation, partitionOf, type Store } from '../store/store.ts';

/**
 * A line of the register: who was asked for what consent, when, by which words, and what they said (个人信息保护法, articles 14, 15 and 29: given
 * knowingly, apart for sensitive data, and withdrawn as easily). Nobody is named in it but by the id of the conversation, so that it outlives
 * what it is about: it proves that data was rightly kept, or rightly erased.
 */
export interface Consent {
  /** Milliseconds since 1970. */
  at: number;
  conversation: string;
  channel: string;
  /** `general`: personal data for the case; `certificates`: certificate numbers; `all`: whatever was consented to before. */
  purpose: 'general' | 'certificates' | 'all';
  answer: 'given' | 'refused' | 'withdrawn';
  /** SHA-256 of the words by which it was asked, under which they are kept, and the version of their template. */
  text?: string;
  version?: number;
  caseNumber?: string;
  /** Of an erasure. */
  receipt?: string;
}

/** A consent that was given, as another record names it: by its words, which the register has. */
export interface Agreement extends Pick<Consent, 'at' | 'text' | 'version'> {
  purpose: Exclude<Consent['purpose'], 'all'>;
}

export const consentNames = { log: 'consents', text: (hash: string) => `consent-text:${hash}` };

const batch = 500;

type RecordConsent = Extract<Effect, { kind: 'recordConsent' }>;

/** Put it after what others of the step look at: a message that is queued remembers what was appended before it. */
export function consentAsked(effect: RecordConsent, { id, channel }: { id: string; channel: string }, at: number): Operation[] {
  const { purpose, given, version, text, caseNumber } = effect;
  const hash = textHash(text);
  const line: Consent = {
    at,
    conversation: id,
    channel,
    purpose,
    answer: given ? 'given' : 'refused',
    text: hash,
    version,
    ...(caseNumber !== undefined && { caseNumber }),
  };
  return [
    { do: 'put', record: consentNames.text(hash), value: encode(text) },
    { do: 'append', log: consentNames.log, value: encode(line) },
  ];
}

export function consentWithdrawn({ id, channel }: { id: string; channel: string }, receipt: string, at: number): Operation {
  const line: Consent = { at, conversation: id, channel, purpose: 'all', answer: 'withdrawn', receipt };
  return { do: 'append', log: consentNames.log, value: encode(line) };
}

export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The register, which lies beside the conversations it tells of. */
export class Consents {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What a conversation has said, oldest first. */
  async of(conversation: string): Promise<Consent[]> {
    return (await this.#read(partitionOf(conversation))).map(({ consent }) => consent).filter((each) => each.conversation === conversation);
  }

  /** What conversations have agreed to for a case, each purpose by the words of the last time; what was refused or withdrawn since is left out. */
  async agreedTo(caseNumber: string, conversations: readonly string[]): Promise<Agreement[]> {
    const said = (await Promise.all(conversations.map((id) => this.of(id)))).flat().sort((a, b) => a.at - b.at);
    const agreed = new Map<Agreement['purpose'], Agreement>();
    for (const { at, purpose, answer, text, version, caseNumber: about } of said) {
      if (purpose === 'all') agreed.clear();
      else if (about !== caseNumber) continue;
      else if (answer !== 'given') agreed.delete(purpose);
      else agreed.set(purpose, { purpose, at, ...(text !== undefined && { text }), ...(version !== undefined && { version }) });
    }
    return [...agreed.values()];
  }

  /** All of it, oldest first. */
  async all(): Promise<Consent[]> {
    const read = await Promise.all(allPartitions.map((partition) => this.#read(partition)));
    return read
      .flat()
      .map(({ consent }) => consent)
      .sort((a, b) => a.at - b.at);
  }

  /** The words that were agreed to, by their hash. */
  async text(hash: string): Promise<string | undefined> {
    for (const partition of allPartitions) {
      const record = await this.#store.get(partition, consentNames.text(hash));
      if (record) return decode<string>(record.value);
    }
    return undefined;
  }

  /** Lines of a partition from before a moment. */
  async before(partition: string, moment: number): Promise<Consent[]> {
    return (await this.#read(partition)).map(({ consent }) => consent).filter(({ at }) => at < moment);
  }

  /** Removes the lines of a partition from before a moment; gives their number. */
  async trim(partition: string, moment: number): Promise<number> {
    const old = (await this.#read(partition)).filter(({ consent }) => consent.at < moment);
    const last = old.at(-1);
    if (last) await this.#store.apply(partition, { operations: [{ do: 'trim', log: consentNames.log, upTo: last.position }] });
    return old.length;
  }

  async #read(partition: string): Promise<{ position: number; consent: Consent }[]> {
    const lines: { position: number; consent: Consent }[] = [];
    for (;;) {
      const entries = await this.#store.read(partition, consentNames.log, lines.at(-1)?.position ?? 0, batch);
      if (entries.length === 0) return lines;
      lines.push(...entries.map(({ position, value }) => ({ position, consent: decode<Consent>(value) })));
    }
  }
}
