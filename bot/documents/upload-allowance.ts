import type { Conversations } from '../conversations/conversations.ts';
import type { Files } from '../store/files.ts';
import { UploadRefused } from './upload-refused.ts';

/** Of all files together that a conversation has and that are not erased yet. */
export const mostBytesOfConversation = 50 * 1024 * 1024;

/** Told of so many bytes that have come; throws `UploadRefused` when they are more than the conversation may have. */
export type Take = (bytes: number) => void;

/** What a conversation has, while uploads of it are under way. */
interface Tally {
  kept: Promise<number>;
  cameSince: number;
  underWay: number;
}

/**
 * How much a conversation may still send. What it has is looked up in its transcript and on the disk: no count could be at odds with that.
 * Uploads at the same time, in this process, are counted together, so that nobody gets around by beginning many and ending them one by one.
 */
export class UploadAllowance {
  readonly #conversations: Pick<Conversations, 'filesOf'>;
  readonly #files: Pick<Files, 'sizeOf'>;
  readonly #tallies = new Map<string, Tally>();

  constructor(conversations: Pick<Conversations, 'filesOf'>, files: Pick<Files, 'sizeOf'>) {
    this.#conversations = conversations;
    this.#files = files;
  }

  /** Does `work`, which tells `take` of all that comes, and keeps nothing where it fails. */
  async within<T>(conversation: string, work: (take: Take) => Promise<T>): Promise<T> {
    const tally = this.#tallies.get(conversation) ?? { kept: this.#kept(conversation), cameSince: 0, underWay: 0 };
    this.#tallies.set(conversation, tally);
    tally.underWay += 1;
    let taken = 0;
    try {
      const kept = await tally.kept;
      return await work((bytes) => {
        taken += bytes;
        tally.cameSince += bytes;
        if (kept + tally.cameSince > mostBytesOfConversation) throw new UploadRefused('too-much');
      });
    } catch (error) {
      tally.cameSince -= taken;
      throw error;
    } finally {
      tally.underWay -= 1;
      if (tally.underWay === 0) this.#tallies.delete(conversation);
    }
  }

  async #kept(conversation: string): Promise<number> {
    let sum = 0;
    for (const file of await this.#conversations.filesOf(conversation)) sum += (await this.#files.sizeOf(file)) ?? 0;
    return sum;
  }
}
