import { newSession, type Session } from '../../dialogs/session.ts';
import type { Activity } from '../activity.ts';
import type { Cases } from '../cases/cases.ts';
import type { AgencyCase, AuditEntry } from '../cases/kept-case.ts';
import {
  type CallBack,
  type Conversation,
  decode,
  fileScheme,
  type Note,
  names,
  type TranscriptEntry,
} from '../conversations/conversation.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { type AgentNote, type Handoff, handoffNames } from '../handoffs/handoff.ts';
import { partitionOf, type Store } from '../store/store.ts';
import type { Chores } from '../turns/chores.ts';
import type { Consent, Consents } from './consents.ts';
import type { Disclosures, KeptDisclosure } from './disclosures.ts';

/** Everything under which one person is known here. */
export interface Person {
  conversations: string[];
  cases: string[];
}

/** A conversation with all that belongs to it. */
export interface KeptConversation {
  conversation: Conversation;
  session: Session;
  transcript: TranscriptEntry[];
  notes: Note[];
  agentNotes: AgentNote[];
  tasks: CallBack[];
  handoff?: Handoff;
  consents: Consent[];
  files: string[];
}

/** A copy of what is kept of a person (个人信息保护法, article 45). */
export interface PersonCopy {
  conversations: KeptConversation[];
  cases: (AgencyCase & { audit: AuditEntry[]; disclosures: KeptDisclosure[] })[];
}

export interface PeopleOptions {
  store: Store;
  conversations: Conversations;
  cases: Cases;
  consents: Consents;
  disclosures: Disclosures;
  chores: Pick<Chores, 'workOff'>;
}

export interface ErasedPerson {
  cases: string[];
  conversations: string[];
  /** Conversations in which something is under way: they are to be erased again in a moment. */
  left: string[];
}

const page = 500;

/**
 * People, by what is known of them: a conversation holds cases, a case is filled in by conversations, a number stands in cases. Nothing else
 * that is kept names a person: figures, limits and what people at the desk settled are made without.
 */
export class People {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /** All that hangs together with a conversation, a case, or a phone or certificate number that is given whole. */
  async find({ conversation, caseNumber, number }: { conversation?: string; caseNumber?: string; number?: string }): Promise<Person> {
    const { cases, conversations } = this.#options;
    const found = { conversations: new Set<string>(), cases: new Set<string>() };
    const openCases = [
      ...(caseNumber ? [caseNumber] : []),
      ...(number ? (await cases.withNumber(number)).map((filed) => filed.number) : []),
    ];
    const openConversations = conversation ? [conversation] : [];
    const filledIn = await this.#casesByConversation();
    for (;;) {
      const id = openConversations.pop();
      const filed = openCases.pop();
      if (id === undefined && filed === undefined) break;
      if (id !== undefined && !found.conversations.has(id) && (await conversations.find(id))) {
        found.conversations.add(id);
        const { cases: held, form } = await this.#session(id);
        openCases.push(...held, ...(form?.number ? [form.number] : []), ...(filledIn.get(id) ?? []));
      }
      if (filed !== undefined && !found.cases.has(filed) && (await cases.find(filed))) {
        found.cases.add(filed);
        openConversations.push(...(await cases.conversationsOf(filed)));
      }
    }
    return { conversations: [...found.conversations], cases: [...found.cases] };
  }

  async copy({ conversations, cases }: Person): Promise<PersonCopy> {
    const keptCases = await this.#options.cases.findAll(cases);
    const disclosures = await this.#options.disclosures.all();
    return {
      conversations: await Promise.all(conversations.map((id) => this.#copyOf(id))),
      cases: await Promise.all(
        keptCases.map(async (filed) => ({
          ...filed,
          audit: await this.#options.cases.audit(filed.number),
          disclosures: disclosures.filter(({ caseNumber }) => caseNumber === filed.number),
        })),
      ),
    };
  }

  /** Erases all of it; of cases stays that they were, of consents that they were given. Erasing again changes nothing. */
  async erase({ conversations, cases }: Person, receipt: string, by: string): Promise<ErasedPerson> {
    const { chores } = this.#options;
    const erased: ErasedPerson = { cases: [], conversations: [], left: [] };
    // The cases first: while they are there, they keep their files.
    for (const number of cases) {
      if (await this.#options.cases.erase(number, receipt, by)) erased.cases.push(number);
    }
    for (const id of conversations) {
      const isErased = await this.#options.conversations.erase(id);
      await chores.workOff(id);
      (isErased ? erased.conversations : erased.left).push(id);
    }
    // After the conversations: nobody is left who would have to be told.
    for (const number of cases) await chores.workOff(number);
    return erased;
  }

  async #copyOf(id: string): Promise<KeptConversation> {
    const { conversations, consents, store } = this.#options;
    const partition = partitionOf(id);
    const conversation = await conversations.find(id);
    if (!conversation) throw new Error(`The conversation ${id} has just been erased.`);
    const log = async <T>(name: string): Promise<T[]> => {
      const all: T[] = [];
      for (let after = 0; ; ) {
        const entries = await store.read(partition, name, after, page);
        const last = entries.at(-1);
        if (!last) return all;
        after = last.position;
        all.push(...entries.map(({ value }) => decode<T>(value)));
      }
    };
    const transcript: TranscriptEntry[] = [];
    for (;;) {
      const entries = await conversations.transcript(id, transcript.at(-1)?.position ?? 0, page);
      if (entries.length === 0) break;
      transcript.push(...entries);
    }
    const handoff = await store.get(partition, handoffNames.handoff(id));
    return {
      conversation,
      session: await this.#session(id),
      transcript,
      notes: await log<Note>(names.notes(id)),
      agentNotes: await log<AgentNote>(handoffNames.notes(id)),
      tasks: await log<CallBack>(handoffNames.tasks(id)),
      ...(handoff && { handoff: decode<Handoff>(handoff.value) }),
      consents: await consents.of(id),
      files: [...new Set(transcript.flatMap(({ activity }) => filesIn(activity.attachments)))],
    };
  }

  /** A conversation may have forgotten its cases, which have not forgotten it. */
  async #casesByConversation(): Promise<Map<string, string[]>> {
    const { cases } = this.#options;
    const found = new Map<string, string[]>();
    for (const number of await cases.numbers()) {
      for (const id of await cases.conversationsOf(number)) found.set(id, [...(found.get(id) ?? []), number]);
    }
    return found;
  }

  async #session(id: string): Promise<Session> {
    const record = await this.#options.store.get(partitionOf(id), names.session(id));
    return record ? { ...newSession, ...decode<Partial<Session>>(record.value) } : newSession;
  }
}

function filesIn(attachments: Activity['attachments'] = []): string[] {
  return attachments.flatMap(({ contentUrl }) => (contentUrl?.startsWith(fileScheme) ? [contentUrl.slice(fileScheme.length)] : []));
}
