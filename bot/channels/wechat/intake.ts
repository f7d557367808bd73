import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { asksForMore } from '../../../dialogs/channel-notices.ts';
import type { FileRefusal } from '../../../dialogs/message.ts';
import { fileScheme } from '../../conversations/conversation.ts';
import { documentLimits, storeDocument } from '../../documents/store-document.ts';
import { UploadRefused } from '../../documents/upload-refused.ts';
import { HttpError, unavailable } from '../../http/http-error.ts';
import type { Operation } from '../../store/store.ts';
import type { ReceivedMessage, WeChatAdapter } from './adapter.ts';
import { type Api, ApiError, TooLarge } from './api.ts';
import { Farewells } from './farewells.ts';
import type { Incoming } from './incoming.ts';
import type { Services } from './services.ts';

export interface IntakeOptions {
  adapter: WeChatAdapter;
  services: Services;
  api: Api;
  /** What a message of the customer changes in our books on them, in the step that keeps it; and what is to be done before anything else they do. */
  noted?: (conversation: string, incoming: Incoming) => readonly Operation[];
  opened?: (conversation: string, incoming: Incoming) => Promise<void>;
  /** Where nobody brings a picture again: after some tries the customer is asked for another one. */
  givesUpPictures?: boolean;
}

/** `refused`: too many at once, and not kept; `repeated`: it was kept before. */
export type Taken = 'kept' | 'repeated' | 'refused' | 'ignored';

const pictureTries = 3;
const pictureRetryMs = 1_000;
const pictureNotReceived = { text: '[图片]', channelData: { unread: 'picture' } } satisfies Omit<ReceivedMessage, 'id'>;
/** For the transcript, where a person in charge reads it. */
const refusedPictures: Record<FileRefusal, string> = {
  infected: '[图片，可能带有病毒，没有收下]',
  unscanned: '[图片，没能查毒，没有收下]',
  unasked: '[图片，没有收下]',
  'too-much': '[图片，这个对话的文件已满50 MB，没有收下]',
  'pdf-too-long': '[PDF，超过20页，没有收下]',
  'pdf-locked': '[PDF，设了密码，没有收下]',
  'pdf-unreadable': '[PDF，打不开，没有收下]',
};

/** Takes in what customers do in WeChat, whichever way the platform brings it: once, and so that it is kept when the platform is told so. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #farewells: Farewells;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#farewells = new Farewells(options.services.store);
  }

  /** Rejects when it could not be kept: the platform is to bring it again. */
  async take(incoming: Incoming): Promise<Taken> {
    const { adapter, services, opened, noted } = this.#options;
    const { person, id } = incoming;
    if (incoming.kind === 'ignored') return 'ignored';
    const conversation = adapter.conversationOf(person);
    if (await this.#farewells.isBefore(conversation, incoming.at)) return 'ignored';
    if (incoming.kind === 'leave') return this.#sayFarewell(conversation, incoming);
    if (await this.#isTooFast(conversation)) return 'refused';
    await opened?.(conversation, incoming);
    if (incoming.kind === 'join') {
      await adapter.join(person, id);
      return 'kept';
    }
    const along = noted?.(conversation, incoming) ?? [];
    const resumed = await services.outbox.resume(conversation, along);
    if (resumed) services.errands.wake(conversation);
    // The rest of what was said is all they want.
    if (resumed && incoming.kind === 'text' && asksForMore(incoming.text)) return 'kept';
    return this.#keep(person, await this.#messageOf(incoming, conversation), along);
  }

  /** Resolves when what follows from what was taken in is done, as far as it can be done now and here. */
  async followed(person: string): Promise<void> {
    const { adapter, services } = this.#options;
    const conversation = adapter.conversationOf(person);
    await services.turns.rested(conversation);
    await services.errands.rested(conversation);
  }

  async #keep(person: string, message: ReceivedMessage, along: readonly Operation[]): Promise<Taken> {
    const { adapter, services } = this.#options;
    const acceptance = await adapter.receive(person, message, along);
    const isKept = acceptance?.outcome === 'accepted';
    if (!isKept) await services.deposit.files.remove((message.attachments ?? []).flatMap(({ contentUrl }) => fileOf(contentUrl)));
    if (acceptance?.outcome === 'full') throw unavailable();
    return isKept ? 'kept' : 'repeated';
  }

  /** Erases at once; where that does not succeed, the platform tells again, and the next sweep does it. */
  async #sayFarewell(conversation: string, { person, id, at }: Incoming): Promise<Taken> {
    const { adapter, services } = this.#options;
    await this.#farewells.note(conversation, at);
    if (!(await services.conversations.find(conversation))) return 'ignored';
    await adapter.leave(person, id);
    await this.followed(person);
    await services.conversations.erase(conversation);
    return 'kept';
  }

  async #isTooFast(conversation: string): Promise<boolean> {
    try {
      await this.#options.services.messageLimit.take(conversation);
      return false;
    } catch (error) {
      if (error instanceof HttpError && error.status === 429) return true;
      throw error;
    }
  }

  async #messageOf(incoming: Exclude<Incoming, { kind: 'join' | 'leave' | 'ignored' }>, conversation: string): Promise<ReceivedMessage> {
    const { id } = incoming;
    switch (incoming.kind) {
      case 'text':
      case 'menu':
        return { id, text: incoming.text };
      case 'unread':
        return { id, text: incoming.text, channelData: { unread: incoming.what } };
      case 'picture':
        return { id, ...(await this.#picture(incoming.mediaId, conversation)) };
    }
  }

  /** Fetched before the message is acknowledged: a picture that could not be fetched is brought again, and not lost. */
  async #picture(mediaId: string, conversation: string): Promise<Omit<ReceivedMessage, 'id'>> {
    const { services } = this.#options;
    try {
      await services.admitUpload(conversation);
      const content = await this.#fetched(mediaId);
      if (!content) return pictureNotReceived;
      const stored = await services.uploadAllowance.within(conversation, (take) =>
        storeDocument(Readable.from([content]), undefined, services.deposit, take),
      );
      return { attachments: [stored] };
    } catch (error) {
      if (error instanceof UploadRefused) return { text: refusedPictures[error.why], channelData: { unread: error.why } };
      if (!isFaultOfPicture(error)) throw error;
      services.log.warn({ err: error }, 'picture not taken');
      return pictureNotReceived;
    }
  }

  /** Undefined when it is given up. */
  async #fetched(mediaId: string): Promise<Buffer | undefined> {
    const { api, services, givesUpPictures = false } = this.#options;
    for (let tried = 1; ; tried += 1) {
      try {
        return await api.media(mediaId, documentLimits.bytesPerFile);
      } catch (error) {
        if (!givesUpPictures || isFaultOfPicture(error)) throw error;
        services.log.warn({ err: error, tried }, 'picture not fetched');
        if (tried === pictureTries) return undefined;
        await pause(pictureRetryMs * tried);
      }
    }
  }
}

/** Rather than of the connection, or of the account: fetching it again would not help. */
function isFaultOfPicture(error: unknown): boolean {
  if (error instanceof ApiError) return error.errorClass === 'media' || error.errorClass === 'content';
  return error instanceof TooLarge || error instanceof HttpError;
}

function fileOf(contentUrl = ''): string[] {
  return contentUrl.startsWith(fileScheme) ? [contentUrl.slice(fileScheme.length)] : [];
}
